import { type StandIn, type StandInOptions, startStandIn } from '@regulars/sandbox'
import { onTestFinished } from 'vitest'
import type { Source } from '../../src/source.ts'
import { toastTables } from '../../src/toast/records.ts'
import { withStreams } from './few-streams.ts'
import { configurationFor, type Synced, stillSource, syncOnce } from './sync-toast.ts'
import { differences } from './truth.ts'
import { postgresDatabase, type Warehouse } from './warehouse.ts'

/** Few streams of several kinds: what is tried over and over is then made quickly. */
const streams = ['orders', 'cash_entry', 'employee']

type Options = NonNullable<Parameters<typeof syncOnce>[2]>

/** A stand-in, a warehouse, and what is needed to bring a few streams from one to the other. */
export type Place = { standIn: StandIn; warehouse: Warehouse; restaurants: string[] }

export async function aPlace(options: StandInOptions): Promise<Place> {
  const standIn = await startStandIn({
    days: 3,
    ordersPerDay: 4,
    limits: 'off',
    membershipMoves: false,
    ...options,
  })
  onTestFinished(() => standIn.close())
  const warehouse = await postgresDatabase()
  return { standIn, warehouse, restaurants: await restaurantsOf(standIn) }
}

/** The ids of the restaurants that are connected. */
export async function restaurantsOf(standIn: StandIn): Promise<string[]> {
  const ids: string[] = []
  for await (const { table, row } of standIn.truth()) {
    if (table === 'restaurant') ids.push(String(row.id))
  }
  return ids
}

export function syncFew({ standIn, warehouse }: Place, options: Options = {}): Promise<Synced> {
  return syncOnce(standIn, warehouse, { source: fewStreams(standIn), ...options })
}

export function fewStreams(standIn: StandIn): Source {
  return withStreams(stillSource(configurationFor(standIn)), streams)
}

/** How a sync ended: its problems as location, stream and verdict. */
export function endOf({ outcome, problems }: Synced) {
  return {
    outcome,
    problems: problems.map(({ location, stream, verdict }) => [location, stream, verdict]).sort(),
  }
}

/** Where the tables of those streams differ from the truth. */
export function differencesOf({ warehouse, standIn }: Place) {
  return differences(warehouse, standIn, { tables: new Set(streams.flatMap(tablesOf)) })
}

export function tablesOf(root: string): string[] {
  return toastTables.filter((table) => (table.root ?? table.name) === root).map(({ name }) => name)
}

/** How often a path was asked, whatever came of it. */
export function callsOf(standIn: StandIn, path: string): number {
  const statuses = Object.values(standIn.requests()[path] ?? {})
  return statuses.reduce((sum, count) => sum + count, 0)
}
