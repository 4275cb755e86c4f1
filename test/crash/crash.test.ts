import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { verifyLedger } from '../../server/src/maintenance/verify.ts'
import { type Db, openDatabase } from '../../server/src/store/db.ts'
import { seed } from '../seed.ts'
import { CounterProcess } from './counter-process.ts'
import { type Acknowledged, sellingClient } from './selling-client.ts'

const kills = Number(process.env.REGULARS_CRASH_KILLS ?? 15)
const clients = 6

const folder = mkdtempSync(join(tmpdir(), 'regulars-crash-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test(
  `${kills} kills under load: nothing that was acknowledged is lost, nothing is doubled`,
  async () => {
    process.stdout.write(`crash: REGULARS_SEED=${seed}\n`)
    const random = randomFrom(seed)
    const counter = new CounterProcess(join(folder, 'data'), programWithGuests())
    onTestFinished(() => counter.kill({ postgres: true }))
    counter.start()
    await counter.ready()
    const told: Acknowledged = {
      commits: new Map(),
      voids: new Set(),
      checkins: new Map(),
      retries: 0,
    }
    const enough = new AbortController()
    const selling = Promise.all(
      Array.from({ length: clients }, (_, number) =>
        sellingClient(counter, { number, told }).sellUntil(enough.signal),
      ),
    )
    // A till that is told something wrong ends the test at once, not after the last kill.
    await Promise.race([killAgainAndAgain(counter, random), selling])
    enough.abort()
    await selling

    expect(told.commits.size).toBeGreaterThan(kills)
    expect(told.retries).toBeGreaterThan(kills / 2)
    const db = openDatabase({ databaseUrl: counter.databaseUrl() })
    try {
      expect(await verifyLedger(db)).toMatchObject({ differences: [] })
      expect(await recordedIn(db)).toEqual(expectedOf(told))
    } finally {
      await db.close()
    }
    await counter.stop()
  },
  60_000 + kills * 15_000,
)

/** Most kills come under load; one in five while the next process is only starting. */
async function killAgainAndAgain(counter: CounterProcess, random: () => number): Promise<void> {
  for (let kill = 0; kill < kills; kill += 1) {
    const starting = random() < 0.2
    const after = random() * (starting ? 900 : 500)
    const postgres = random() < 0.5
    if (!starting) await counter.ready()
    await sleep(after)
    await counter.kill({ postgres })
    counter.start()
  }
  await counter.ready()
}

type Recorded = {
  commits: { uid: string; ref: string; state: string; redemptions: number[] }[]
  checkins: { uid: string; checkinId: number; points: number }[]
  /** Cents of currency that commits took and voids gave back. */
  moved: { taken: number; returned: number }
}

function expectedOf({ commits, voids, checkins }: Acknowledged): Recorded {
  return {
    commits: [...commits]
      .map(([uid, { redemptionRef, redemptionId }]) => ({
        uid,
        ref: redemptionRef,
        state: voids.has(uid) ? 'voided' : 'committed',
        redemptions: [redemptionId],
      }))
      .sort(byUid),
    checkins: [...checkins]
      .map(([uid, { checkinId, points }]) => ({ uid, checkinId, points }))
      .sort(byUid),
    moved: { taken: commits.size, returned: voids.size },
  }
}

async function recordedIn(db: Db): Promise<Recorded> {
  const rows = (name: string, text: string) => db.query({ name, text }, [])
  const commits = await rows(
    'crash_commits',
    `select c.external_uid as uid, c.redemption_ref as ref, c.state,
            (select json_agg(r.redemption_id order by r.redemption_id) from redemptions r
              where r.redemption_ref = c.redemption_ref) as redemptions
       from commits c`,
  )
  const checkins = await rows(
    'crash_checkins',
    `select external_uid as uid, checkin_id as "checkinId", points from checkins`,
  )
  const [moved] = await rows(
    'crash_moved',
    `select coalesce(sum(amount) filter (where cause_kind = 'redemption'), 0)::int8 as taken,
            coalesce(sum(amount) filter (where cause_kind = 'redemption_void'), 0)::int8 as returned
       from ledger_entries`,
  )
  return {
    commits: (commits as Recorded['commits']).sort(byUid),
    checkins: (checkins as Recorded['checkins']).sort(byUid),
    moved: moved as Recorded['moved'],
  }
}

function byUid(one: { uid: string }, other: { uid: string }): number {
  return one.uid < other.uid ? -1 : 1
}

/** Harbor Coffee with a guest for each client who never runs out of banked currency. */
function programWithGuests(): string {
  const example = fileURLToPath(new URL('../../examples/harbor-coffee', import.meta.url))
  const copy = join(folder, 'program')
  cpSync(example, copy, { recursive: true })
  const file = join(copy, 'program.json')
  const program = JSON.parse(readFileSync(file, 'utf8'))
  const guests = Array.from({ length: clients }, (_, number) => ({
    id: `client-${number}`,
    first_name: 'Client',
    last_name: String(number),
    email: `client-${number}@example.com`,
    currency: [
      { amount: 900, expires_in_days: 60 },
      { amount: 900, expires_in_days: 90 },
    ],
  }))
  writeFileSync(join(copy, 'guests.json'), JSON.stringify(guests))
  writeFileSync(file, JSON.stringify({ ...program, $schema: undefined }))
  return file
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
