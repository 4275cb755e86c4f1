import { existsSync } from 'node:fs'
import type { Destination, StreamState } from '@regulars/connectors/destination'
import { openDestination, storedStates } from '@regulars/connectors/open-destination'
import { CannotStart } from '@regulars/server/cannot-start'

/** What `--to` and `--schema` name. */
export type Target = { to: string; schema?: string }

/**
 * Opens what `--to` names for writing, waiting up to `waitMs` for another process to let go of it;
 * throws `DestinationRefused`.
 */
export function openTarget(target: Target, source: string, waitMs = 0): Promise<Destination> {
  return openDestination(target.to, { ...rowsOf(target, source), waitMs })
}

/** Opens what an earlier sync wrote to; throws `CannotStart` when it is not there. */
export async function openWritten(target: Target, source: string): Promise<Destination> {
  requireFile(target)
  return await openTarget(target, source)
}

/** What an earlier sync left of where streams stand; throws `CannotStart` when there was none. */
export async function statesOf(target: Target, source: string): Promise<StreamState[]> {
  requireFile(target)
  const states = await statesIfAny(target, source)
  if (states !== null) return states
  const schema = target.schema === undefined ? '' : `schema ${target.schema} of `
  throw new CannotStart(
    `Nothing was synced into ${schema}${shown(target.to)}; ` +
      'name what was synced into with --to and --schema.',
  )
}

/** The same where there need not have been a sync yet: null then. */
export function statesIfAny(target: Target, source: string): Promise<StreamState[] | null> {
  return storedStates(target.to, rowsOf(target, source))
}

/** `--to` for people: a URL without its password. */
export function shown(to: string): string {
  const url = isUrl(to) ? URL.parse(to) : null
  if (url === null) return to
  if (url.password !== '') url.password = '***'
  return url.href
}

function rowsOf({ schema }: Target, source: string) {
  return schema === undefined ? { source } : { source, schema }
}

function requireFile({ to }: Target): void {
  if (isUrl(to) || existsSync(to)) return
  throw new CannotStart(`There is no file ${to}; name what was synced into with --to.`)
}

/** Whether it names a Postgres. */
export function isUrl(to: string): boolean {
  return /^postgres(ql)?:/i.test(to)
}
