import { minuteMs } from '@regulars/contract/values/instants'
import { mobileSignUp } from '@regulars/contract/wire/mobile-users'
import { onlineSignUp } from '@regulars/contract/wire/online-ordering-users'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sweepToEnd } from '../../src/sweeper.ts'
import { type HarborCounter, openHarborCounter, type TestGuest } from '../harbor-counter.ts'
import { type Check, checkOf, openTill, type Till } from '../till.ts'
import { outcome, racers, redemptionsOf, rewardOf, runRounds, tally, withRacers } from './racers.ts'

const rounds = { alone: 8, together: 24, atOnce: 24 }
const perRace = rounds.alone + rounds.together
const races = ['same', 'differs', 'receipt-a', 'receipt-b', 'lock', 'two-queries', 'undone', 'due']

let counter: HarborCounter
let pier: Till
let check: Check
beforeAll(async () => {
  const guests = races.flatMap((race) => racers(race, perRace))
  counter = await openHarborCounter(withRacers(guests, { locking: true }))
  pier = openTill(counter)
  check = checkOf(counter.program, ['113', '401'])
})
afterAll(() => counter.close())

const racer = (race: string, number: number): TestGuest => counter.guest(`${race}-${number}`)
const emailOf = (race: string, number: number) => `${race}-${number}@example.com`
const keyed = (number: number, from: number): Check => ({
  ...check,
  punchh_key: String(300_000_000_000 + from * 1_000 + number),
})

test('one check-in sent five times at once earns once and is answered five times', async () => {
  await runRounds(rounds, async (number) => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        pier.checkIn(emailOf('same', number), keyed(number, 1), `same-${number}`),
      ),
    )
    expect(tally(answers)).toEqual({ '200': 1, '200 stored': 4 })
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body)
    expect(await earned(racer('same', number))).toEqual([126])
  })
  await counter.expectSound()
})

test('two different checks under the uid of one check-in: one earns, the other is told so', async () => {
  const dearer = checkOf(counter.program, ['113', '401', '301'])
  await runRounds(rounds, async (number) => {
    const email = emailOf('differs', number)
    const other = { ...dearer, punchh_key: keyed(number, 5).punchh_key }
    const answers = await Promise.all([
      pier.checkIn(email, keyed(number, 2), `differs-${number}`),
      pier.checkIn(email, other, `differs-${number}`),
    ])
    expect(tally(answers)).toEqual({ '200': 1, '422 key_reused': 1 })
    expect(await earned(racer('differs', number))).toHaveLength(1)
  })
  await counter.expectSound()
})

test('two guests show one receipt: it earns for one of them', async () => {
  await runRounds(rounds, async (number) => {
    const answers = await Promise.all(
      ['receipt-a', 'receipt-b'].map((race) =>
        pier.checkIn(emailOf(race, number), keyed(number, 3), `${race}-${number}`),
      ),
    )
    expect(tally(answers)).toEqual({ '200': 1, '422 receipt_used': 1 })
    const both = await Promise.all(
      ['receipt-a', 'receipt-b'].map((race) => earned(racer(race, number))),
    )
    expect(both.flat()).toEqual([126])
  })
  await counter.expectSound()
})

test('a query that takes the lock races a commit of another till: one of them wins', async () => {
  const won = new Set<string>()
  await runRounds(rounds, async (number) => {
    const guest = racer('lock', number)
    await pier.select(guest, [['reward', rewardOf(guest)]])
    const query = () => pier.query(guest, check, `query-${number}`)
    const commit = () => pier.commit(guest, check, `commit-${number}`)
    // Sent by turns first, so that both come to win.
    const [one, two] = number % 2 === 0 ? [query(), commit()] : [commit(), query()]
    const [first, second] = await Promise.all([one, two])
    const [queried, committed] = number % 2 === 0 ? [first, second] : [second, first]
    const met = [outcome(queried), outcome(committed)].join(', ')
    expect(['200, 422 basket_locked', '422 no_basket_found, 200']).toContain(met)
    won.add(met)
    const { honored } = await redemptionsOf(counter, guest)
    expect(honored).toBe(committed.status === 200 ? 1 : 0)
  })
  expect(won.size).toBeGreaterThan(1)
  await counter.expectSound()
})

test('two tills query one basket at once: one holds the lock', async () => {
  await runRounds(rounds, async (number) => {
    const guest = racer('two-queries', number)
    await pier.select(guest, [['discount_amount', 2]])
    const answers = await Promise.all([
      pier.query(guest, check, `left-${number}`),
      pier.query(guest, check, `right-${number}`),
      pier.query(guest, check, `left-${number}`),
    ])
    const locked = answers.filter(({ code }) => code === 'basket_locked')
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3 - locked.length)
    // Whoever was refused, the others are one till.
    expect([1, 2]).toContain(locked.length)
  })
  await counter.expectSound()
})

test("a receipt's void races its guest's next sale: what the first redeemed comes back once", async () => {
  await runRounds(rounds, async (number) => {
    const guest = racer('undone', number)
    const uid = `undone-${number}`
    const first = keyed(number, 4)
    await pier.select(guest, [['discount_amount', 5]], uid)
    const committed = await pier.commit(guest, first, uid)
    expect(outcome(committed)).toBe('200')
    expect(outcome(await pier.checkIn(emailOf('undone', number), first, uid))).toBe('200')
    await pier.select(guest, [['reward', rewardOf(guest)]])
    const [voided, next, again] = await Promise.all([
      pier.storeReceipt(first, { status: 'void' }),
      pier.commit(guest, check, `next-${number}`),
      pier.commit(guest, first, uid),
    ])
    expect(outcome(voided)).toBe('200')
    // The retry came before the void, after the next sale, or, once its key was void, instead of it.
    expect(['200, 200 stored', '200, 422 no_basket_found', '422 no_basket_found, 200']).toContain(
      [outcome(next), outcome(again)].join(', '),
    )
    expect(await redemptionsOf(counter, guest)).toEqual({ honored: 1, voided: 1 })
    expect(await currencyOf(guest)).toBe(1_250)
  })
  await counter.expectSound()
})

test('the sweeper settles what is due while tills commit: each point comes once', async () => {
  const guests = Array.from({ length: perRace }, (_, number) => racer('due', number))
  await Promise.all(
    guests.map(async (guest, number) => {
      await pier.checkIn(emailOf('due', number), keyed(number, 6), `due-${number}`)
      await pier.select(guest, [['discount_amount', 4]], `due-${number}`)
    }),
  )
  counter.clock.turn(16 * minuteMs)
  const [committed] = await Promise.all([
    Promise.all(guests.map((guest, number) => pier.commit(guest, check, `due-${number}`))),
    sweepToEnd(counter.deps),
    sweepToEnd(counter.deps),
  ])
  expect(tally(committed)).toEqual({ '200': perRace })
  for (const guest of guests) {
    const approvals = (await counter.newEntries(guest.guestId)).filter((entry) =>
      entry.includes('guest_pending > guest '),
    )
    expect(approvals).toHaveLength(1)
    expect(await currencyOf(guest)).toBe(850)
  }
  await counter.expectSound()
})

test('two sign-ups with one e-mail address make one guest', async () => {
  await runRounds({ alone: 2, together: 4, atOnce: 4 }, async (number) => {
    const user = {
      email: `new-${number}@example.com`,
      first_name: 'New',
      last_name: 'Guest',
      password: 'a-long-password',
      password_confirmation: 'a-long-password',
    }
    const answers = await Promise.all([
      counter.call(mobileSignUp, { user }),
      counter.call(onlineSignUp, { user: { ...user, email: user.email.toUpperCase() } }),
      counter.call(mobileSignUp, { user }),
    ])
    const made = answers.filter(({ status }) => status === 200 || status === 201)
    expect(made).toHaveLength(1)
    expect(tally(answers.filter((one) => !made.includes(one)))).toEqual({
      '422 identifier_taken': 2,
    })
    const found = await counter.rows(`select count(*) as guests from guests where email = $1`, [
      user.email,
    ])
    expect(Number(found[0]?.guests)).toBe(1)
  })
  await counter.expectSound()
})

test('these races were written one by one and in groups', async () => {
  const [found] = await counter.rows(
    `select count(*) filter (where guests = 1) as single,
            count(*) filter (where guests > 1) as grouped
       from (select count(distinct guest_id) as guests from checkins group by xmin::text) as written`,
  )
  expect(Number(found?.single)).toBeGreaterThan(rounds.alone)
  expect(Number(found?.grouped)).toBeGreaterThan(0)
})

/** What each standing check-in of a guest earned. */
async function earned({ guestId }: TestGuest): Promise<number[]> {
  const rows = await counter.rows(
    `select points from checkins where guest_id = $1 and state <> 'void'`,
    [guestId],
  )
  return rows.map(({ points }) => Number(points))
}

async function currencyOf({ guestId }: TestGuest): Promise<number> {
  const [found] = await counter.rows(
    `select currency_available as cents from guests where guest_id = $1`,
    [guestId],
  )
  return Number(found?.cents)
}
