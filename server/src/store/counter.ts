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
