import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HarborCounter, openHarborCounter, type TestGuest } from '../harbor-counter.ts'
import { type Check, checkOf, openTill, type Till } from '../till.ts'
import {
  outcome,
  racers,
  redemptionsOf,
  rewardOf,
  runRounds,
  tally,
  waysWritten,
  withRacers,
} from './racers.ts'

const rounds = { alone: 8, together: 24, atOnce: 24 }
const perRace = rounds.alone + rounds.together
const races = ['one-uid', 'many-uids', 'two-tills', 'void', 'two-voids', 'select', 'checks']
const lastUses = 20

let counter: HarborCounter
let pier: Till
let larimer: Till
let check: Check
beforeAll(async () => {
  const guests = [
    ...races.flatMap((race) => racers(race, perRace)),
    ...racers('code', lastUses * 3),
  ]
  counter = await openHarborCounter((program) => ({
    ...withRacers(guests, { locking: false })(program),
    codes: {
      promo_codes: Array.from({ length: lastUses }, (_, number) => ({
        id: `last-${number}`,
        code: `LAST${number}`,
        redeemable: 'two-off',
        uses: 1,
      })),
    },
  }))
  pier = openTill(counter)
  larimer = openTill(counter, 'larimer')
  check = checkOf(counter.program, ['113', '401'])
})
afterAll(() => counter.close())

const racer = (race: string, number: number): TestGuest => counter.guest(`${race}-${number}`)

test('twenty tills commit one basket under one uid: one redeems, nineteen hear its reply', async () => {
  await runRounds(rounds, async (number) => {
    const guest = racer('one-uid', number)
    await pier.select(guest, [['reward', rewardOf(guest)]])
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => pier.commit(guest, check, `uid-${number}`)),
    )
    expect(tally(answers)).toEqual({ '200': 1, '200 stored': 19 })
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body)
    expect(await redemptionsOf(counter, guest)).toEqual({ honored: 1, voided: 0 })
  })
  await counter.expectSound()
})

test('twenty tills commit one basket under uids of their own: nineteen find no basket', async () => {
  await runRounds(rounds, async (number) => {
    const guest = racer('many-uids', number)
    await pier.select(guest, [
      ['reward', rewardOf(guest)],
      ['discount_amount', 3],
    ])
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, till) => pier.commit(guest, check, `uid-${number}-${till}`)),
    )
    expect(tally(answers)).toEqual({ '200': 1, '422 no_basket_found': 19 })
    expect(await redemptionsOf(counter, guest)).toEqual({ honored: 2, voided: 0 })
  })
  await counter.expectSound()
})

test('two stores reach for the last reward of a guest: one gets it', async () => {
  await runRounds(rounds, async (number) => {
    const guest = racer('two-tills', number)
    const reach = async (till: Till, uid: string) => {
      const selected = await till.select(guest, [['reward', rewardOf(guest)]])
      const committed = await till.commit(guest, check, uid)
      return [outcome(selected), outcome(committed)]
    }
    const reached = await Promise.all([reach(pier, `p-${number}`), reach(larimer, `l-${number}`)])
    const [selections, commits] = [reached.map(([one]) => one), reached.map(([, one]) => one)]
    expect(commits.toSorted()).toEqual(['200', '422 no_basket_found'])
    for (const selection of selections) {
      expect(['200', '422 already_taken', '422 invalid_reward_id']).toContain(selection)
    }
    expect(await redemptionsOf(counter, guest)).toEqual({ honored: 1, voided: 0 })
  })
  await counter.expectSound()
})

test('three guests reach for the last use of a code: one gets it, the others pay for their meal', async () => {
  const each = { alone: 6, together: lastUses - 6, atOnce: lastUses - 6 }
  await runRounds(each, async (number) => {
    const guests = [0, 1, 2].map((one) => racer('code', number * 3 + one))
    const answers = await Promise.all(
      guests.map(async (guest) => {
        await pier.select(guest, [['redemption_code', `LAST${number}`]])
        return pier.commit(guest, check, `code-${number}-${guest.guestId}`)
      }),
    )
    const honored = await Promise.all(guests.map((guest) => redemptionsOf(counter, guest)))
    expect(honored.map((one) => one.honored).toSorted()).toEqual([0, 0, 1])
    const granted = answers.filter(({ body }) => body?.success?.length === 1)
    expect(granted).toHaveLength(1)
    for (const { status, body, code } of answers.filter((one) => !granted.includes(one))) {
      // Selected in time and committed too late, or no longer to be selected.
      if (code === null) {
        expect({ status, said: body.failures[0].code }).toEqual({
          status: 200,
          said: 'discount_used',
        })
      } else expect({ status, code }).toEqual({ status: 422, code: 'no_basket_found' })
    }
  })
  await counter.expectSound()
})

test('a void races the retry of its commit: everything is given back once', async () => {
  await runRounds(rounds, async (number) => {
    const guest = racer('void', number)
    const uid = `void-${number}`
    await pier.select(guest, [
      ['reward', rewardOf(guest)],
      ['discount_amount', 5],
    ])
    const committed = await pier.commit(guest, check, uid)
    const [voided, retried] = await Promise.all([
      pier.voidCommit(guest, committed.body.redemption_ref),
      pier.commit(guest, check, uid),
    ])
    expect(outcome(voided)).toBe('202')
    expect(['200 stored', '422 no_basket_found']).toContain(outcome(retried))
    expect(await redemptionsOf(counter, guest)).toEqual({ honored: 0, voided: 2 })
    expect(await heldBy(guest)).toEqual({ currency: 1_250, unredeemed: 1 })
  })
  await counter.expectSound()
})

test('two voids of one commit give back once', async () => {
  await runRounds(rounds, async (number) => {
    const guest = racer('two-voids', number)
    await pier.select(guest, [['discount_amount', 5]])
    const { body } = await pier.commit(guest, check, `twice-${number}`)
    const answers = await Promise.all([
      pier.voidCommit(guest, body.redemption_ref),
      pier.voidCommit(guest, body.redemption_ref),
      pier.voidCommit(guest, body.redemption_ref),
    ])
    expect(tally(answers)).toEqual({ '202': 3 })
    expect(await heldBy(guest)).toEqual({ currency: 1_250, unredeemed: 1 })
  })
  await counter.expectSound()
})

test('a discount selected during a commit is redeemed with it or waits for the next', async () => {
  await runRounds(rounds, async (number) => {
    const guest = racer('select', number)
    await pier.select(guest, [['discount_amount', 4]])
    const [selected, committed] = await Promise.all([
      pier.select(guest, [['reward', rewardOf(guest)]]),
      pier.commit(guest, check, `select-${number}`),
    ])
    expect([outcome(selected), outcome(committed)]).toEqual(['200', '200'])
    const waiting = await pier.active(guest)
    const items = waiting.status === 200 ? waiting.body.discount_basket_items : []
    expect(committed.body.success.length + items.length).toBe(2)
    if (items.length > 0)
      expect(waiting.body.redemption_ref).not.toBe(committed.body.redemption_ref)
    const { honored } = await redemptionsOf(counter, guest)
    expect(honored).toBe(committed.body.success.length)
  })
  await counter.expectSound()
})

test('two different checks under one uid: one is the commit, the other is told so', async () => {
  const dearer = checkOf(counter.program, ['113', '401', '301'])
  await runRounds(rounds, async (number) => {
    const guest = racer('checks', number)
    await pier.select(guest, [['reward', rewardOf(guest)]])
    const answers = await Promise.all([
      pier.commit(guest, check, `checks-${number}`),
      pier.commit(guest, dearer, `checks-${number}`),
    ])
    expect(tally(answers)).toEqual({ '200': 1, '422 key_reused': 1 })
    expect(await redemptionsOf(counter, guest)).toEqual({ honored: 1, voided: 0 })
  })
  await counter.expectSound()
})

test('these races were written one by one and in groups', async () => {
  const { single, grouped } = await waysWritten(counter)
  expect(single).toBeGreaterThan(races.length * rounds.alone * 0.5)
  expect(grouped).toBeGreaterThan(0)
})

async function heldBy({ guestId }: TestGuest) {
  const found = await counter.rows(
    `select currency_available as currency,
            (select count(*) from rewards r
              where r.guest_id = g.guest_id and r.status = 'unredeemed') as unredeemed
       from guests g where guest_id = $1`,
    [guestId],
  )
  return { currency: Number(found[0]?.currency), unredeemed: Number(found[0]?.unredeemed) }
}
