import { DestinationRefused } from '../destination.ts'
import type { Connection } from './connection.ts'
import { list, quoted } from './sql.ts'
import type { Column } from './stored-table.ts'

/** A table to be there: one of a source's, with its key, or one of ours, without. */
export type Wanted = {
  readonly name: string
  readonly columns: readonly Column[]
  readonly key?: readonly Column[]
  /** Of one of ours: the columns that a table which stands there must have to be it. */
  readonly told?: readonly Column[]
}

/** What has a table's name now: its columns with their types as the database spells them. */
export type Standing = {
  readonly isTable: boolean
  readonly columns: ReadonlyMap<string, string>
  /** Null where the database keeps no keys. */
  readonly key: readonly string[] | null
}

/**
 * The sentences that make a table as wanted: it is made, or gets the columns it lacks. Nothing is
 * ever dropped. Throws `DestinationRefused` where what stands there is something else.
 */
export function tableChanges(
  on: Connection,
  wanted: Wanted,
  standing: Standing | undefined,
): string[] {
  if (standing === undefined) return [createTable(on, wanted)]
  if (!standing.isTable) {
    throw new DestinationRefused(
      `${wanted.name} in the destination is not a table; rename it, or name another destination.`,
    )
  }
  requireKey(wanted, standing)
  requireOurs(wanted, standing)
  return wanted.columns.flatMap((column) => {
    const type = standing.columns.get(column.name)
    if (type === undefined) return [addColumn(on, wanted, column)]
    if (type === on.types[column.type]) return []
    throw new DestinationRefused(
      `Column ${column.name} of table ${wanted.name} is ${type} in the destination and would have ` +
        `to be ${on.types[column.type]}; rename that table or column, or name another destination.`,
    )
  })
}

function createTable(on: Connection, { name, columns, key = [] }: Wanted): string {
  const keyNames = new Set(key.map((column) => column.name))
  const lines = columns.map(
    (column) =>
      `${quoted(column.name)} ${on.types[column.type]}${keyNames.has(column.name) ? ' not null' : ''}`,
  )
  if (on.keepsKeys && key.length > 0) lines.push(`primary key (${list(key)})`)
  return `create table ${on.name({ name })} (${lines.join(', ')})`
}

function addColumn(on: Connection, wanted: Wanted, column: Column): string {
  const type = on.types[column.type]
  return `alter table ${on.name(wanted)} add column ${quoted(column.name)} ${type}`
}

function requireKey({ name, key = [] }: Wanted, standing: Standing): void {
  const missing = key.find((column) => !standing.columns.has(column.name))
  const names = key.map((column) => column.name)
  const isOther = standing.key !== null && key.length > 0 && !isSame(names, standing.key)
  if (missing === undefined && !isOther) return
  throw new DestinationRefused(
    `Table ${name} in the destination has another key than (${names.join(', ')}); rename that ` +
      'table, or name another destination.',
  )
}

function requireOurs({ name, told = [] }: Wanted, { columns }: Standing): void {
  const missing = told.filter((column) => !columns.has(column.name))
  if (missing.length === 0) return
  throw new DestinationRefused(
    `Table ${name} in the destination is not the one that syncs keep (it has no ` +
      `${missing.map((column) => column.name).join(', ')}); rename that table, or name another ` +
      'destination or schema.',
  )
}

function isSame(names: readonly string[], others: readonly string[]): boolean {
  return names.length === others.length && names.every((name) => others.includes(name))
}
