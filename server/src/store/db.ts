import { Fault } from '@regulars/contract/values/assert'
import pg from 'pg'

/** One whole statement with a name, under which the server prepares it once per connection. */
export type Statement = { name: string; text: string }

/** Where statements run. Rows come back as they are; parsers stand beside statements. */
export type Queries = { query(statement: Statement, values: readonly unknown[]): Promise<Row[]> }

/** The database as the store sees it. */
export type Db = Queries & {
  /** Runs `work` in one transaction: what it throws undoes everything it wrote. */
  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>
  /** Runs `work` on the database as it is at one moment, whatever others write meanwhile. Read-only. */
  snapshot<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>
  /** Statements that wait for a connection at this moment. */
  waiting(): number
  close(): Promise<void>
}

export type Row = Record<string, unknown>

export type DatabaseOptions = {
  databaseUrl: string
  connectionsMax?: number
  /** False for poolers that cannot keep prepared statements apart (pgbouncer before 1.21). */
  namedStatements?: boolean
  /** The longest that a statement waits for a connection before it fails. */
  connectMsMax?: number
}

/** A constraint said no: which one. Callers map its name to a refusal, once. */
export class ConstraintError extends Error {
  readonly constraint: string
  /** The values of the key's columns, in its order, as text; empty when Postgres does not tell. */
  readonly values: readonly string[]

  constructor(constraint: string, cause: Error & { detail?: string }) {
    super(`constraint ${constraint}`, { cause })
    this.name = 'ConstraintError'
    this.constraint = constraint
    // `Key (business_id, kind, value)=(7, email, a@b.c) already exists.`, in any language.
    this.values = /\)=\((.*)\)/.exec(cause.detail ?? '')?.[1]?.split(', ') ?? []
  }
}

/** Two statements waited for each other and Postgres ended ours: nothing was written. */
export class DeadlockError extends Error {}

/** The connection died or could not be had: what was sent may have been done or not. */
export class ConnectionLostError extends Fault {}

export function openDatabase(options: DatabaseOptions): Db {
  const named = options.namedStatements ?? true
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: options.connectionsMax ?? 16,
    // A Postgres that does not answer must not hold every caller for ever.
    connectionTimeoutMillis: options.connectMsMax ?? 30_000,
    keepAlive: true,
    application_name: 'regulars',
    options: '-c timezone=UTC',
    types: { getTypeParser: typeParser },
  })
  // A connection that dies while idle is replaced by the pool; the next query reports real trouble.
  pool.on('error', ignored)
  const queriesOn = (connection: Pick<pg.ClientBase, 'query'>): Queries => ({
    async query({ name, text }, values) {
      const config = named ? { name, text, values: [...values] } : { text, values: [...values] }
      try {
        const result = await connection.query<Row>(config)
        return result.rows
      } catch (error) {
        throw understood(error, name)
      }
    },
  })
  return {
    ...queriesOn(pool),
    transaction: (work) => inTransaction(pool, 'begin', (client) => work(queriesOn(client))),
    snapshot: (work) =>
      inTransaction(pool, 'begin isolation level repeatable read, read only', (client) =>
        work(queriesOn(client)),
      ),
    waiting: () => pool.waitingCount,
    close: () => pool.end(),
  }
}

async function inTransaction<Result>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  // The pool listens to idle connections only; unheard, one that dies here would end the process.
  // Whoever waits for a statement hears of it from that.
  client.on('error', ignored)
  // Whatever state a failure leaves the connection in, closing it undoes the transaction.
  let broken = true
  try {
    await client.query(begin)
    const result = await work(client)
    await client.query('commit')
    broken = false
    return result
  } finally {
    client.off('error', ignored)
    client.release(broken)
  }
}

function ignored(): void {}

const int8Oid = 20
const timestamptzOid = 1184
const dateOid = 1082

// Ids and amounts stay within 2^53, instants are milliseconds, dates are their own text.
function typeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === int8Oid) return Number
  if (oid === timestamptzOid) return (text) => Date.parse(`${text.replace(' ', 'T')}:00`)
  if (oid === dateOid) return (text) => text
  return pg.types.getTypeParser(oid, format as 'text')
}

// Classes 08 and 57: a connection that fails, a server that ends.
const isEnding = /^(08|57)/

function understood(error: unknown, statement: string): unknown {
  if (!(error instanceof Error)) return error
  const { code, constraint } = error as { code?: string; constraint?: string; detail?: string }
  if (code?.startsWith('23') && constraint !== undefined) {
    return new ConstraintError(constraint, error)
  }
  if (code === '40P01' || code === '40001')
    return new DeadlockError(error.message, { cause: error })
  const isAnswer = error instanceof pg.DatabaseError && code !== undefined && !isEnding.test(code)
  const Kind = isAnswer ? Fault : ConnectionLostError
  return Object.assign(new Kind(`${statement}: ${error.message}`, { statement, code }), {
    cause: error,
  })
}
