import { minuteMs } from '@regulars/contract/values/instants'
import { posSearchUsers } from '@regulars/contract/wire/pos-users'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'
import { checkOf, openTill } from './till.ts'

let counter: HarborCounter
beforeAll(async () => {
  counter = await openHarborCounter((file) => ({
    ...file,
    program: {
      ...file.program,
      program_type: 'points',
      points_conversion_type: 'rewards',
      points_conversion_threshold: 100,
      conversion_redeemable: 'five-off',
    },
    multiple_redemptions: { ...file.multiple_redemptions, enable_discount_locking: false },
  }))
})
afterAll(async () => {
  await counter.expectSound()
  await counter.close()
})

test('a reward that has just fallen due is shown under the id by which it is then selected', async () => {
  const nova = await counter.newGuest()
  const till = openTill(counter)
  const check = checkOf(counter.program, ['113', '401'])
  await till.checkIn(nova.email, check, 'earns a reward')
  // The sweeper has not come by yet.
  counter.clock.turn(16 * minuteMs)
  const shown = async () => {
    const { body } = await counter.call(posSearchUsers, { email: nova.email })
    return body.rewards.map((reward: { id: number }) => reward.id)
  }
  const [first, again] = [await shown(), await shown()]
  expect(first).toHaveLength(1)
  expect(again).toEqual(first)
  const looked = await till.lookUp(nova, check)
  expect(JSON.stringify(looked.body)).toContain(String(first[0]))
  expect((await till.select(nova, [['reward', first[0]]])).code).toBeNull()
  const { status, body } = await till.commit(nova, check, 'spends it')
  expect([status, body.success.length]).toEqual([200, 1])
})
