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

/** There is no such table, or somebody else's without our columns. */
const undefinedCodes = ['42P01', '42703']

function noTable(error: unknown): null {
  const isUndefined = error instanceof pg.DatabaseError && undefinedCodes.includes(error.code ?? '')
  if (isUndefined) return null
  throw error
}
