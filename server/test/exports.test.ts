import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adminDeleteGuest } from '@regulars/contract/wire/admin-guests'
import { exportGuests, exportOperations, exportPage } from '@regulars/contract/wire/exports'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { readExport } from '../src/actions/read-export.ts'
import { backUp } from '../src/maintenance/backup.ts'
import { restore } from '../src/maintenance/restore.ts'
import { openDatabase } from '../src/store/db.ts'
import { settleChanges } from '../src/store/exports.ts'
import { expectRefusal, expectReply } from './expect-reply.ts'
import { exportable, openFollower, streamNames } from './follow-export.ts'
import { freshDatabase } from './fresh-database.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'
import { racers, rewardOf } from './races/racers.ts'
import { checkOf, openTill, type Till } from './till.ts'

let counter: HarborCounter
let till: Till
beforeAll(async () => {
  counter = await openHarborCounter((program) => ({
    ...program,
    guests: [...(program.guests ?? []), ...racers('sale', 2)],
  }))
  till = openTill(counter)
})
afterAll(async () => {
  await counter.expectSound()
  await counter.close()
})

const lost = {
  code: 'export_cursor_lost',
  status: 410,
  body: {
    error:
      'This cursor is of a database that was restored or moved since. Export the stream from its start, without after.',
  },
} as const
const unreadable = {
  code: 'invalid_parameter',
  status: 400,
  body: {
    error: 'Invalid value for after: it must be the next of an earlier page of this stream',
  },
} as const

let serial = 0
function newCheck(ordered: readonly string[] = ['113', '401']) {
  serial += 1
  return checkOf(counter.program, ordered, {
    transaction_no: String(6_000 + serial),
    punchh_key: String(410_000_000_000 + serial),
  })
}

test('a whole sale is exported: guest, check-in, receipt, redemption and entries', async () => {
  const guest = counter.guest('sale-0')
  const followers = streamNames.map((stream) => openFollower(counter, stream))
  await exportable(counter)
  for (const follower of followers) await follower.readToEnd()

  const check = newCheck()
  await till.select(guest, [['reward', rewardOf(guest)]], 'sale')
  const committed = await till.commit(guest, check, 'sale')
  await till.checkIn('sale-0@example.com', check, 'sale')
  await till.storeReceipt(check)
  await exportable(counter)

  const came = await Promise.all(followers.map((follower) => follower.readToEnd()))
  const counts = Object.fromEntries(streamNames.map((stream, at) => [stream, came[at]?.length]))
  expect(counts).toEqual({
    businesses: 0,
    locations: 0,
    guests: 1,
    checkins: 1,
    receipts: 1,
    redemptions: 1,
    'ledger-entries': expect.any(Number),
  })
  const only = (stream: string) => {
    const at = streamNames.indexOf(stream)
    return followers[at]?.rows.get(came[at]?.[0] ?? '')
  }
  const locationId = counter.locationIds.get(counter.program.locations[0]?.id ?? '')
  expect(only('checkins')).toMatchObject({
    guest_id: guest.guestId,
    location_id: locationId,
    kind: 'pos',
    state: 'pending',
    external_uid: 'sale',
    punchh_key: check.punchh_key,
    transaction_no: check.transaction_no,
    subtotal_amount: check.subtotal_amount,
  })
  expect(only('receipts')).toMatchObject({
    version_no: 1,
    location_id: locationId,
    punchh_key: check.punchh_key,
    receipt_amount: check.receipt_amount,
    void: false,
    lines: check.line_items.map((line) => ({
      serial_number: line.serial_number,
      item_name: line.item_name,
      item_qty: 1,
      amount: line.amount,
      item_type: 'M',
      item_id: line.item_id,
      item_family: line.item_family,
      item_group: line.item_group,
    })),
  })
  const [granted] = committed.body.success
  expect(only('redemptions')).toMatchObject({
    redemption_ref: committed.body.redemption_ref,
    guest_id: guest.guestId,
    location_id: locationId,
    external_uid: 'sale',
    state: 'committed',
    voided_at: null,
    subtotal_amount: check.subtotal_amount,
    items: [
      {
        discount_type: 'reward',
        discount_id: String(rewardOf(guest)),
        discount_amount: granted.discount_amount,
        state: 'honored',
        voided_at: null,
      },
    ],
  })
  const items = (only('redemptions')?.items ?? []) as { lines: { amount: number }[] }[]
  const shared = items.flatMap(({ lines }) => lines)
  const cents = shared.reduce((sum, { amount }) => sum + Math.round(amount * 100), 0)
  expect(cents).toBe(Math.round(granted.discount_amount * 100))
  expect(only('guests')).toMatchObject({
    guest_id: guest.guestId,
    email: 'sale-0@example.com',
    status: 'active',
  })
})

test('every reply is what its operation describes, and holds what the tables hold', async () => {
  await exportable(counter)
  const counted: Record<string, number> = {}
  for (const operation of exportOperations) {
    const answer = await counter.call(operation, { limit: 5_000 }, { inQuery: true })
    const body = expectReply(operation, answer)
    expect(body.more).toBe(false)
    counted[operation.name] = body.rows.length
  }
  const [stored] = await counter.rows(`
    select (select count(*) from businesses) as "export-businesses",
           (select count(*) from locations) as "export-locations",
           (select count(*) from guests) as "export-guests",
           (select count(*) from checkins) as "export-checkins",
           (select count(distinct (location_id, punchh_key, business_date)) from receipts)
             as "export-receipts",
           (select count(*) from commits) as "export-redemptions",
           (select count(*) from ledger_entries) as "export-ledger-entries"`)
  expect(counted).toEqual(stored)
})

describe('a row comes again', () => {
  test('when a guest changes, a commit is voided, a receipt has a new version', async () => {
    const guest = counter.guest('sale-1')
    const check = newCheck()
    await till.select(guest, [['reward', rewardOf(guest)]], 'again')
    const { body } = await till.commit(guest, check, 'again')
    await till.storeReceipt(check)
    const names = ['guests', 'receipts', 'redemptions']
    const followers = names.map((name) => openFollower(counter, name))
    await exportable(counter)
    for (const follower of followers) await follower.readToEnd()

    counter.clock.turn(2_000)
    await till.voidCommit(guest, body.redemption_ref)
    await till.storeReceipt(check, { status: 'void' })
    await exportable(counter)
    const came = await Promise.all(followers.map((follower) => follower.readToEnd()))
    const [guests, receipts, redemptions] = followers.map((follower, at) =>
      came[at]?.map((id) => follower.rows.get(id)),
    )
    expect(guests).toMatchObject([{ guest_id: guest.guestId }])
    expect(receipts).toMatchObject([{ punchh_key: check.punchh_key, version_no: 2, void: true }])
    expect(redemptions).toMatchObject([
      { redemption_ref: body.redemption_ref, state: 'voided', items: [{ state: 'voided' }] },
    ])
  })

  test('when a guest is erased, with nothing personal left', async () => {
    const guest = await counter.newGuest()
    const follower = openFollower(counter, 'guests')
    await exportable(counter)
    await follower.readToEnd()
    const id = String(guest.guestId)
    expect(follower.rows.get(id)).toMatchObject({ status: 'active', email: guest.email })

    await counter.call(adminDeleteGuest, { user_id: guest.guestId })
    await exportable(counter)
    expect(await follower.readToEnd()).toEqual([id])
    const { guest_id, status, joined_at, last_activity_at, balances, ...personal } =
      follower.rows.get(id) ?? {}
    expect({ guest_id, status }).toEqual({ guest_id: guest.guestId, status: 'deleted' })
    expect(Object.values(personal).filter((value) => value !== null)).toEqual([])
  })
})

describe('pages', () => {
  test('of any size hold the same rows, each once', async () => {
    await exportable(counter)
    for (const stream of streamNames) {
      const whole = openFollower(counter, stream, { limit: 5_000 })
      const expected = await whole.readToEnd()
      for (const limit of [1, 7]) {
        const follower = openFollower(counter, stream, { limit })
        expect(await follower.readToEnd(), `${stream} by ${limit}`).toEqual(expected)
        expect(follower.rows).toEqual(whole.rows)
      }
    }
  })

  test('are of a thousand rows unless asked, of five thousand at most, of one at least', async () => {
    const [{ guest_id: ana } = {}] = await counter.rows(
      `select guest_id from guests where external_id = 'ana'`,
    )
    await counter.rows(
      `insert into ledger_entries (business_id, guest_id, seq, unit, from_account, to_account,
                                   amount, lot_no, cause_kind, cause_id, due_at, recorded_at, hash)
       select $1, $2, 1000 + n, 'points', 'a', 'b', 1, 1, 'test', 1, now(), now(), ''
         from generate_series(1, 5001) n`,
      [counter.businessId, ana],
    )
    await exportable(counter)
    const ledger = exportOperations.find(({ name }) => name === 'export-ledger-entries')
    if (ledger === undefined) throw new Error('no ledger')
    const sizeOf = async (limit?: number) =>
      (await counter.call(ledger, limit === undefined ? {} : { limit }, { inQuery: true })).body
        .rows.length
    const sizes = [await sizeOf(), await sizeOf(0), await sizeOf(1), await sizeOf(9_999)]
    expect(sizes).toEqual([exportPage.rowsByDefault, 1, 1, exportPage.rowsMax])
    await counter.rows('delete from ledger_entries where seq > 1000')
  })

  test('end early where receipts are large, and lose none', async () => {
    const lines = Array.from({ length: 400 }, (_, line) => ({
      ...newCheck().line_items[0],
      item_name: Array.from({ length: 200 }, (_, at) =>
        ((at * 7919 + line) % 36).toString(36),
      ).join(''),
    }))
    for (let receipt = 0; receipt < 3; receipt += 1) {
      await till.storeReceipt({ ...newCheck(), line_items: lines } as never)
    }
    await counter.rows(
      `insert into receipts
       select business_id, location_id, punchh_key || '-' || n, business_date, 1, receipt_id + 50000000 + n,
              transaction_no, vendor_transaction_no, receipt_at, void, test, subtotal_cents,
              payable_cents, body || jsonb_build_object('channel', (
                select string_agg(md5(random()::text), '') from generate_series(1, 4000) where n > 0)),
              posted_at
         from (select * from receipts order by receipt_id desc limit 1) r, generate_series(1, 60) n`,
    )
    await exportable(counter)
    const follower = openFollower(counter, 'receipts', { limit: 5_000 })
    const first = await follower.readPage()
    expect(first.more).toBe(true)
    await follower.readToEnd()
    const [{ count } = {}] = await counter.rows(
      'select count(*) from receipts where version_no = 1',
    )
    expect(follower.rows.size).toBe(count)
    await counter.rows('delete from receipts where receipt_id > 50000000')
  })
})

describe('a cursor', () => {
  test('of an empty page can be kept: what is written later comes', async () => {
    await exportable(counter)
    const follower = openFollower(counter, 'guests')
    await follower.readToEnd()
    expect(await follower.readToEnd()).toEqual([])
    const { guestId } = await counter.newGuest()
    await exportable(counter)
    expect(await follower.readToEnd()).toEqual([String(guestId)])
  })

  test('does not pass a transaction that is still open, though later ones have ended', async () => {
    const [early, late] = [await counter.newGuest(), await counter.newGuest()]
    const follower = openFollower(counter, 'guests')
    await exportable(counter)
    await follower.readToEnd()
    const rename =
      'update guests set last_name = $1, changed_in = pg_current_xact_id() where guest_id = $2'
    await counter.deps.db.transaction(async (queries) => {
      await queries.query({ name: 'test_early', text: rename }, ['Early', early.guestId])
      await counter.rows(rename, ['Late', late.guestId])
      expect(await follower.readToEnd()).toEqual([])
    })
    await exportable(counter)
    expect(await follower.readToEnd()).toEqual([String(early.guestId), String(late.guestId)])
  })

  test.each([
    { what: 'no base64', after: '%%%' },
    { what: 'no JSON', after: 'aGVsbG8' },
    { what: 'of another stream', after: cursorOf(['checkins', 'x', '5', 1, 1]) },
    { what: 'too short', after: cursorOf(['guests', 'x', '5']) },
    { what: 'too long', after: cursorOf(['guests', 'x', '5', 1, 1]) },
    {
      what: 'with text for a number',
      after: cursorOf(['guests', 'x', '5', '1; drop table guests']),
    },
    { what: 'with a negative number', after: cursorOf(['guests', 'x', '5', -1]) },
    {
      what: 'with a transaction beyond 64 bits',
      after: cursorOf(['guests', 'x', '18446744073709551616', 1]),
    },
    { what: 'with a transaction that is a number', after: cursorOf(['guests', 'x', 5, 1]) },
  ])('$what is refused', async ({ after }) => {
    const answer = await counter.call(exportGuests, { after }, { inQuery: true })
    expectRefusal(exportGuests, answer, unreadable)
  })

  test('of another database or of the future is told to start again', async () => {
    const history = await historyOf(counter)
    for (const parts of [
      ['guests', 'x', '5', 1],
      ['guests', history, '18446744073709551615', 1],
    ]) {
      const answer = await counter.call(exportGuests, { after: cursorOf(parts) }, { inQuery: true })
      expectRefusal(exportGuests, answer, lost)
    }
  })
})

test('rows of a dump from an older cluster are made this one’s own when the server starts', async () => {
  const { guestId } = await counter.newGuest()
  const far = `update guests set changed_in = '9000000000000' where guest_id = $1`
  await counter.rows(far, [guestId])
  const follower = openFollower(counter, 'guests')
  await exportable(counter)
  await follower.readToEnd()
  expect(follower.rows.has(String(guestId))).toBe(false)
  await settleChanges(counter.deps.db)
  await exportable(counter)
  expect(await follower.readToEnd()).toEqual([String(guestId)])
})

test('a restored database is exported whole, and says of a cursor from before that it is lost', async () => {
  await exportable(counter)
  const before = openFollower(counter, 'checkins')
  await before.readToEnd()
  const folder = await mkdtemp(join(tmpdir(), 'regulars-export-'))
  const file = join(folder, 'backup')
  const [{ url: from } = {}] = await counter.rows(`select current_database() as url`)
  const databaseUrl = new URL(inject('postgresForTests').url)
  databaseUrl.pathname = `/${from}`
  await backUp({ databaseUrl: databaseUrl.href, file, createdAt: new Date() })
  const database = await freshDatabase()
  expect(await restore({ databaseUrl: database.url, file })).toMatchObject({ kind: 'restored' })
  const db = openDatabase({ databaseUrl: database.url, connectionsMax: 2 })
  try {
    const page = { businessId: counter.businessId, stream: 'checkins', limit: 5_000 } as const
    expect(await readExport({ db }, { ...page, after: before.next() ?? null })).toMatchObject({
      code: 'export_cursor_lost',
    })
    await exportable(counter)
    const whole = await readExport({ db }, { ...page, after: null })
    expect(whole).toMatchObject({ kind: 'page', more: false })
    const rows = whole.kind === 'page' ? whole.rows : []
    expect(rows.map((row) => String(row.checkin_id)).sort()).toEqual([...before.rows.keys()].sort())
  } finally {
    await db.close()
    await database.drop()
    await rm(folder, { recursive: true })
  }
})

test('a business sees its own rows only', async () => {
  await counter.rows(
    `insert into businesses (business_id, external_id, name, business_key_hash, client_id,
                             client_secret_sealed, admin_key_hash, definition, created_at)
     select 9999, 'other', 'Other', '\\x01', 'other', '\\x01', '\\x01', definition, now()
       from businesses where business_id = $1`,
    [counter.businessId],
  )
  await counter.rows(
    `insert into guests (business_id, guest_id, version, status, joined_at, last_activity_at,
                         qualifying_since, counters, debt, next_lot_no, entry_hash)
     select 9999, 77, 1, 'active', now(), now(), now(), counters, debt, 1, ''
       from guests where business_id = $1 limit 1`,
    [counter.businessId],
  )
  await exportable(counter)
  const followers = ['businesses', 'guests'].map((stream) => openFollower(counter, stream))
  for (const follower of followers) await follower.readToEnd()
  expect(followers.map(({ rows }) => rows.has('9999') || rows.has('77'))).toEqual([false, false])
  await counter.rows('delete from guests where business_id = 9999')
  await counter.rows('delete from businesses where business_id = 9999')
})

function cursorOf(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

async function historyOf({ call }: HarborCounter): Promise<string> {
  const { body } = await call(exportGuests, { limit: 1 }, { inQuery: true })
  return JSON.parse(Buffer.from(body.next, 'base64url').toString())[1]
}
