import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyDatabase } from '../../server/src/maintenance/verify.ts'
import { type Db, openDatabase } from '../../server/src/store/db.ts'
import { type FreshDatabase, freshDatabase } from '../../server/test/fresh-database.ts'
import { harborCoffee, runRegulars, up } from './running.ts'

let database: FreshDatabase
let db: Db
beforeAll(async () => {
  database = await freshDatabase()
  db = openDatabase({ databaseUrl: database.url, connectionsMax: 1, namedStatements: false })
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const verify = (...args: string[]) =>
  runRegulars(['verify', '--database-url', database.url, ...args])

describe('regulars verify', () => {
  test('finds nothing on a counter that sells, and goes on finding nothing while it does', async () => {
    const env = { DATABASE_URL: database.url, REGULARS_SECRET_KEY: '7'.repeat(64) }
    const { line } = await up(['--sandbox', '--program', harborCoffee], { env })
    const sales = [1, 2].map(() => runRegulars(['demo', '--url', line.url]))
    const during = await verify('--json')
    expect({ code: during.code, stderr: during.stderr }).toEqual({ code: 0, stderr: '' })
    for (const { code } of await Promise.all(sales)) expect(code).toBe(0)

    const after = await verify()
    expect(after.code).toBe(0)
    expect(after.stdout).toMatch(
      /^✓ Everything agrees with the ledger: 7 guests, \d+ entries, .+\n$/,
    )
    expect(JSON.parse((await verify('--json')).stdout)).toMatchObject({
      guests: 7,
      differences: [],
    })
  })

  // Everything below undoes what it did, on a guest of the sales above.
  const maya = `(select max(guest_id) from guests)`
  const tampering: [name: string, tamper: string, mend: string, found: RegExp[]][] = [
    [
      'the amount of an entry',
      `update ledger_entries set amount = amount + 1 where guest_id = ${maya} and seq = 2`,
      `update ledger_entries set amount = amount - 1 where guest_id = ${maya} and seq = 2`,
      [
        /hash of entry 2: \w{64}, not \w{64}/,
        /points available: 251, not 250$/,
        /points in open lots: 251, not 250$/,
        /left in lot 2: 251, not 250$/,
      ],
    ],
    [
      'the hash of an entry',
      `update ledger_entries set hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where guest_id = ${maya} and seq = 3`,
      `update ledger_entries set hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where guest_id = ${maya} and seq = 3`,
      [/hash of entry 3: \w{64}, not \w{64}$/],
    ],
    [
      'a balance',
      `update guests set points_available = 1250 where guest_id = ${maya}`,
      `update guests set points_available = 250 where guest_id = ${maya}`,
      [/points available: 250, not 1250$/],
    ],
    [
      'what is left in a lot',
      `update lots set remaining = remaining - 5 where guest_id = ${maya} and lot_no = 2`,
      `update lots set remaining = remaining + 5 where guest_id = ${maya} and lot_no = 2`,
      [/points in open lots: 250, not 245/, /left in lot 2: 250, not 245/],
    ],
    [
      'the uses of a code',
      `update codes set uses = uses + 1 where code = 'RAINYDAY'`,
      `update codes set uses = uses - 1 where code = 'RAINYDAY'`,
      [/uses of code RAINYDAY: 0, not 1$/],
    ],
    [
      'the status of a reward',
      `update rewards set status = case status when 'honored' then 'unredeemed' else 'honored' end where reward_id = (select max(reward_id) from rewards)`,
      `update rewards set status = case status when 'honored' then 'unredeemed' else 'honored' end where reward_id = (select max(reward_id) from rewards)`,
      [/standing redemptions of reward \d+: [01], not [01]$/],
    ],
    [
      'the uses of a subscription',
      `update subscriptions set uses = uses || '[{}]' where subscription_id = (select max(subscription_id) from subscriptions)`,
      `update subscriptions set uses = uses - -1 where subscription_id = (select max(subscription_id) from subscriptions)`,
      [/uses of subscription \d+: \d, not \d$/],
    ],
    [
      'what a redemption took',
      `update redemptions set state = 'voided' where guest_id = ${maya} and discount_type = 'redeemable'`,
      `update redemptions set state = 'honored' where guest_id = ${maya} and discount_type = 'redeemable'`,
      [
        /given back by the void of redemption \d+: nothing, not 150 points of lot 2, 50 points of lot 1/,
        /redemption \d+ of commit \S+: honored, not voided/,
      ],
    ],
    [
      'the debit of a redemption',
      `update redemptions set debits = '[{"kind": "points", "points": 90}]' where guest_id = ${maya} and discount_type = 'redeemable'`,
      `update redemptions set debits = '[{"kind": "points", "points": 200}]' where guest_id = ${maya} and discount_type = 'redeemable'`,
      [/points debited by redemption \d+: 200, not 90$/],
    ],
    [
      'the commit of a redemption',
      `update commits set redemption_ref = 'gone' where guest_id = ${maya}`,
      `update commits set redemption_ref = (select max(redemption_ref) from redemptions where guest_id = ${maya}) where guest_id = ${maya}`,
      [
        ...three(/^redemption \d+ of commit gone: honored, not no redemption$/),
        ...three(/^commit of redemption \d+: \S+, not no commit$/),
      ],
    ],
    [
      'the versions of a receipt',
      `update receipts set version_no = 3 where receipt_id = (select max(receipt_id) from receipts)`,
      `update receipts set version_no = 1 where receipt_id = (select max(receipt_id) from receipts)`,
      [/versions of receipt \d+ of \S+ at location \d+: 1 to 1, not 3$/],
    ],
    [
      'a second active basket',
      `drop index baskets_one_active;
       insert into baskets (business_id, guest_id, redemption_ref, state, items, created_at)
       select business_id, guest_id, 'extra ' || n, 'active', '[]', now()
         from guests, generate_series(1, 2) n where guest_id = ${maya}`,
      `delete from baskets where redemption_ref like 'extra %';
       create unique index baskets_one_active on baskets (business_id, guest_id) where state = 'active'`,
      [/active baskets: 1, not 2$/],
    ],
  ]
  for (const [name, tamper, mend, found] of tampering) {
    test(`names ${name} that was tampered with`, async () => {
      await run(tamper)
      const { differences } = await verifyDatabase(database.url).finally(() => run(mend))
      const texts = differences.map((one) => `${one.what}: ${one.expected}, not ${one.found}`)
      expect(texts).toEqual(found.map((text) => expect.stringMatching(text)))
      expect((await verifyDatabase(database.url)).differences).toEqual([])
    })
  }

  test('prints what differs and whose it is, and ends with 1', async () => {
    const [, tamper = '', mend = ''] = tampering.find(([name]) => name === 'a balance') ?? []
    await run(tamper)
    const { code, stdout } = await verify().finally(() => run(mend))
    expect(stdout).toMatch(
      /^ {2}guest \d+ {2}points available: expected 250, found 1250\n\n✗ 1 difference: 7 guests, .+\n$/,
    )
    expect(code).toBe(1)
  })

  test('says with 2 that there is nothing to verify', async () => {
    for (const [args, sentence] of [
      [['--data', '/nowhere/at/all'], /^There is no database in \/nowhere\/at\/all; .+\.\n$/],
      [['--data', 'memory'], /^A database in memory ends with its server; .+\.\n$/],
      [
        ['--database-url', 'postgresql://nobody@127.0.0.1:9/none'],
        /^The database cannot be reached \(.+\); .+\.\n$/,
      ],
    ] as const) {
      const { code, stdout, stderr } = await runRegulars(['verify', ...args])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(sentence)
    }
  })
})

/** A sale redeems three things. */
function three(text: RegExp): RegExp[] {
  return [text, text, text]
}

async function run(statements: string): Promise<void> {
  for (const text of statements.split(';')) {
    await db.query({ name: 'tamper', text }, [])
  }
}
