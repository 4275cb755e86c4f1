import type { Instant } from '@regulars/contract/values/instants'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { type AppOptions, buildApp } from './app.ts'
import type { Deps } from './deps.ts'
import { openPasswords } from './passwords.ts'
import { makeSealer, type Random, systemRandom } from './secrets.ts'
import { openCatalogs } from './store/catalogs.ts'
import { openDatabase } from './store/db.ts'
import { openIds } from './store/ids.ts'
import { openRecorder, type RecorderWatch } from './store/recorder.ts'

export type CounterOptions = AppOptions & {
  /** A migrated database. */
  databaseUrl: string
  /** 32 bytes that seal client secrets. */
  secretKey: Buffer
  now: () => Instant
  random?: Random
  log: Logger
  namedStatements?: boolean
  connectionsMax?: number
  watchRecorder?: RecorderWatch
}

/** A counter: its HTTP app, what its actions use, and how to end it. Listens nowhere yet. */
export type Counter = { app: FastifyInstance; deps: Deps; close(): Promise<void> }

/** Puts the loyalty service together on a migrated database. */
export function openCounter(options: CounterOptions): Counter {
  const { databaseUrl, namedStatements, connectionsMax } = options
  const db = openDatabase({
    databaseUrl,
    ...(namedStatements === undefined ? {} : { namedStatements }),
    ...(connectionsMax === undefined ? {} : { connectionsMax }),
  })
  const deps: Deps = {
    db,
    recorder: openRecorder(db, options.now, options.watchRecorder),
    ids: openIds(db),
    catalogs: openCatalogs(db),
    now: options.now,
    random: options.random ?? systemRandom,
    sealer: makeSealer(options.secretKey),
    passwords: openPasswords(),
    log: options.log,
  }
  const app = buildApp(deps, options)
  return {
    app,
    deps,
    async close() {
      await app.close()
      await db.close()
    },
  }
}
