import type { Instant } from '@regulars/contract/values/instants'
import type { Logger } from 'pino'
import type { Passwords } from './passwords.ts'
import type { Random, Sealer } from './secrets.ts'
import type { Catalogs } from './store/catalogs.ts'
import type { Db } from './store/db.ts'
import type { Ids } from './store/ids.ts'
import type { Recorder } from './store/recorder.ts'

/** Everything an action may use, handed in from `main` down. */
export type Deps = {
  db: Db
  recorder: Recorder
  ids: Ids
  catalogs: Catalogs
  /** In sandbox mode this clock can be turned. */
  now: () => Instant
  random: Random
  sealer: Sealer
  passwords: Passwords
  log: Logger
}
