import type { OpenDestination } from '../destination.ts'

/**
 * Opens what a person named: a `postgres://` or `postgresql://` URL, or else a DuckDB file.
 *
 * Throws `DestinationRefused`.
 */
export const openDestination: OpenDestination = async (target, options) => {
  // Loaded when needed: DuckDB's library alone takes 60 MB.
  if (/^postgres(?:ql)?:\/\//i.test(target)) {
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres(target, options)
  }
  const { openDuckdb } = await import('./duckdb.ts')
  return openDuckdb(target, options)
}
