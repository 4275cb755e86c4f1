import type { OpenDestination, RowsOf, StoredStates } from '../destination.ts'
import { requireSchemaName } from './schema-name.ts'

/**
 * Opens what a person named: a `postgres://` or `postgresql://` URL, or else a DuckDB file.
 *
 * Throws `DestinationRefused`.
 */
export const openDestination: OpenDestination = async (target, options) => {
  requireName(target, options)
  // Loaded when needed: DuckDB's library alone takes 60 MB.
  if (isPostgres(target)) {
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres(target, options)
  }
  const { openDuckdb } = await import('./duckdb.ts')
  return openDuckdb(target, options)
}

/**
 * Reads where the streams of all sources stand in what a person named, and changes nothing there.
 *
 * Throws `DestinationRefused`.
 */
export const storedStates: StoredStates = async (target, where) => {
  requireName(target, where)
  if (isPostgres(target)) {
    const { postgresStates } = await import('./postgres-states.ts')
    return postgresStates(target, where)
  }
  const { duckdbStates } = await import('./duckdb-states.ts')
  return duckdbStates(target, where)
}

function requireName(target: string, { schema }: Pick<RowsOf, 'schema'>): void {
  if (schema !== undefined) requireSchemaName(schema, isPostgres(target) ? 'Postgres' : 'DuckDB')
}

function isPostgres(target: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(target)
}
