import { DestinationRefused } from '../destination.ts'

/** Postgres would cut a longer name without a word. */
export const nameBytesMax = 63

/** Throws `DestinationRefused` for a name that no schema of ours can have. */
export function requireSchemaName(schema: string, database: 'DuckDB' | 'Postgres'): void {
  const reason = whyNot(schema, database)
  if (reason === null) return
  throw new DestinationRefused(`${reason}; name another schema, or none for the usual one.`)
}

function whyNot(schema: string, database: 'DuckDB' | 'Postgres'): string | null {
  if (schema.trim() === '') return 'A schema needs a name'
  if (schema.includes('\0')) return 'A name cannot hold a NUL'
  if (database === 'Postgres' && Buffer.byteLength(schema) > nameBytesMax) {
    return `Postgres has no room for a name longer than ${nameBytesMax} bytes, such as ${schema}`
  }
  const isKept = database === 'Postgres' ? /^(pg_|information_schema$)/ : keptByDuckdb
  return isKept.test(schema) ? `${schema} is ${database}'s own` : null
}

const keptByDuckdb = /^(pg_catalog|information_schema)$/i
