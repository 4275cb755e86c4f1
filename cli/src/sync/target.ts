import { existsSync } from 'node:fs'
import type { Destination, SourceState, StreamState } from '@regulars/connectors/destination'
import { openDestination, storedStates } from '@regulars/connectors/open-destination'
import { CannotStart } from '@regulars/server/cannot-start'

/** What `--to` and `--schema` name. */
export type Target = { to: string; schema?: string }

/**
 * Opens what `--to` names for writing, waiting up to `waitMs` for another process to let go of it;
 * throws `DestinationRefused`.
 */
export function openTarget(target: Target, source: string, waitMs = 0): Promise<Destination> {
  return openDestination(target.to, { ...placeOf(target), source, waitMs })
}

/** Opens what an earlier sync wrote to; throws `CannotStart` when it is not there. */
export async function openWritten(target: Target, source: string): Promise<Destination> {
  requireFile(target)
  return await openTarget(target, source)
}

/**
 * What earlier syncs of a source left of where streams stand, null for all sources; throws
 * `CannotStart` when there were none.
 */
export async function statesOf(target: Target, source: string | null): Promise<SourceState[]> {
  requireFile(target)
  const all = (await storedStates(target.to, placeOf(target))) ?? []
  const found = all.filter((one) => source === null || one.source === source)
  if (found.length > 0) return found
  const others = [...new Set(all.map((one) => one.source))].join(', ')
  const place = `${target.schema === undefined ? '' : `schema ${target.schema} of `}${shown(target.to)}`
  throw new CannotStart(
    others === ''
      ? `Nothing was synced into ${place}; name what was synced into with --to and --schema.`
      : `Nothing of ${source} was synced into ${place}; name what was with --source: ${others}.`,
  )
}

/** The same where there need not have been a sync yet: none then. */
export async function statesIfAny(target: Target, source: string): Promise<StreamState[]> {
  const all = (await storedStates(target.to, placeOf(target))) ?? []
  return all.filter((one) => one.source === source)
}

/** `--to` for people: a URL without its password. */
export function shown(to: string): string {
  const url = isUrl(to) ? URL.parse(to) : null
  if (url === null) return to
  if (url.password !== '') url.password = '***'
  return url.href
}

function placeOf({ schema }: Target): { schema?: string } {
  return schema === undefined ? {} : { schema }
}

function requireFile({ to }: Target): void {
  if (isUrl(to) || existsSync(to)) return
  throw new CannotStart(`There is no file ${to}; name what was synced into with --to.`)
}

/** Whether it names a Postgres. */
export function isUrl(to: string): boolean {
  return /^postgres(ql)?:/i.test(to)
}
