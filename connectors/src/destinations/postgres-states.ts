import pg from 'pg'
import type { StoredStates } from '../destination.ts'
import { withPostgres } from './postgres-client.ts'
import { postgresConnection } from './postgres-connection.ts'
import { readAllStates } from './records.ts'

/** Reads beside whoever writes: it holds no lock that a sync would wait for. */
export const postgresStates: StoredStates = (target, { schema = 'public' }) => {
  const called = { name: 'regulars sync status', schema, use: 'reading' } as const
  return withPostgres(target, called, async (client) => {
    const states = await readAllStates(postgresConnection(client, { schema })).catch(noTable)
    await client.end()
    return states
  })
}

const undefinedTable = '42P01'

function noTable(error: unknown): null {
  if (error instanceof pg.DatabaseError && error.code === undefinedTable) return null
  throw error
}
