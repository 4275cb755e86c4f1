import type { Db, Statement } from './db.ts'

export type CounterMode = 'live' | 'sandbox'

const claimStatement: Statement = {
  name: 'claim_mode',
  text: `
with claimed as (
  insert into counter (mode) values ($1)
  on conflict (singleton) do update set mode = excluded.mode where $2
  returning mode
)
select mode from claimed
union all
select mode from counter where not exists (select from claimed)`,
}

/**
 * Writes the mode at the first start, and at any other when `isForced`. Answers the mode that
 * stands: another one than was asked for means that the database was opened in that before.
 */
export async function claimMode(
  db: Db,
  mode: CounterMode,
  { isForced }: { isForced: boolean },
): Promise<CounterMode> {
  const [row] = await db.query(claimStatement, [mode, isForced])
  // Two first starts at once: the one that came second sees nothing in its snapshot and asks again.
  return row === undefined ? claimMode(db, mode, { isForced }) : (row.mode as CounterMode)
}

const sealedStatement: Statement = {
  name: 'any_sealed_secret',
  text: `select client_secret_sealed from businesses order by business_id limit 1`,
}

/** One secret that is sealed with the database's key. Null when nothing is sealed yet. */
export async function findSealedSecret(db: Db): Promise<Buffer | null> {
  const [row] = await db.query(sealedStatement, [])
  return row === undefined ? null : (row.client_secret_sealed as Buffer)
}

const offsetStatement: Statement = {
  name: 'clock_offset',
  text: `select clock_offset_ms from counter where mode = 'sandbox'`,
}

/** How far the clock of the practice mode was turned, in milliseconds; 0 in live mode. */
export async function findClockOffset(db: Db): Promise<number> {
  const [row] = await db.query(offsetStatement, [])
  return row === undefined ? 0 : (row.clock_offset_ms as number)
}

const moveStatement: Statement = {
  name: 'move_clock',
  text: `
insert into counter (mode, clock_offset_ms) values ('sandbox', $1)
on conflict (singleton) do update
   set clock_offset_ms = counter.clock_offset_ms + excluded.clock_offset_ms
returning clock_offset_ms`,
}

/** Turns the clock of the practice mode on by so much. Answers how far it was turned in all. */
export async function moveClock(db: Db, byMs: number): Promise<number> {
  const [row] = await db.query(moveStatement, [byMs])
  return row?.clock_offset_ms as number
}
