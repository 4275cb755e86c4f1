import { posBatchRedemptions } from '@regulars/contract/wire/batch-redemptions'
import { posLookup, posSelect } from '@regulars/contract/wire/discounts'
import type { ReplyOf } from '@regulars/contract/wire/operation'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectReply } from './expect-reply.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'

let counter: HarborCounter

beforeAll(async () => {
  counter = await openHarborCounter((program) => ({
    ...program,
    multiple_redemptions: {
      ...program.multiple_redemptions,
      enable_discount_locking: false,
      switches: { batch_policy: 'all' },
    },
  }))
})

afterAll(() => counter.close())

const check = {
  line_items: [
    {
      item_name: 'Drip coffee, large',
      item_qty: 1,
      amount: 3.45,
      item_type: 'M',
      item_id: 102,
      item_family: 'drip',
      item_group: 'hot-drinks',
      serial_number: '1.0',
    },
  ],
  receipt_amount: 3.45,
  receipt_datetime: '2026-11-20T10:00:00-08:00',
}

test('where one failure fails them all, what it held back is a failure too, and nothing is spent', async () => {
  const { guestId } = counter.guest('ana')
  const discounts = ['free-drip', 'sandwich-for-six'].map((id) => ({
    discount_type: 'redeemable',
    discount_id: counter.entryId('redeemable', id),
  }))
  const selection = { user_id: guestId, discount_basket_items_attributes: discounts }
  expectReply(posSelect, await counter.call(posSelect, selection))
  await counter.newEntries(guestId)
  const commit = await counter.call(posBatchRedemptions, { ...check, user_id: guestId })
  const { success, failures }: ReplyOf<typeof posBatchRedemptions> = expectReply(
    posBatchRedemptions,
    commit,
  )
  expect(success).toEqual([])
  expect(failures.map(({ code, message }) => [code, ...message])).toEqual([
    ['not_qualified', expect.stringContaining('Discount qualification on receipt failed for Ana')],
    ['withheld', 'Not granted, because another discount of the basket failed.'],
  ])
  expect(await counter.newEntries(guestId)).toEqual([])
})

test('a reward behind a live code of the app is offered by that code alone', async () => {
  const { guestId } = counter.guest('ana')
  const staged = await counter.rows(
    `select (staged->>'rewardId')::bigint as reward_id from codes
      where guest_id = $1 and staged->>'kind' = 'reward'`,
    [guestId],
  )
  const ids = staged.map(({ reward_id }) => reward_id)
  expect(ids.length).toBeGreaterThan(0)
  const looked = await counter.call(posLookup, { ...check, user_id: guestId })
  const { unselected_discounts }: ReplyOf<typeof posLookup> = expectReply(posLookup, looked)
  const offered = unselected_discounts
    .filter(({ discount_type }) => discount_type === 'reward')
    .map(({ discount_id }) => discount_id)
  expect(offered).not.toEqual([])
  expect(offered.filter((id) => ids.includes(id))).toEqual([])
})
