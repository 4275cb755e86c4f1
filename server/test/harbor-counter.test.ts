import { posCheckin } from '@regulars/contract/wire/checkins'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectReply } from './expect-reply.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'

let counter: HarborCounter
beforeAll(async () => {
  counter = await openHarborCounter()
})
afterAll(() => counter.close())

test('a counter for tests holds the example, answers a till and adds up', async () => {
  const ben = counter.guest('ben')
  expect(await counter.newEntries(ben.guestId)).toEqual(['190 points gifted > guest (gift)'])
  const answer = await counter.call(posCheckin, {
    email: 'ben@example.com',
    receipt_amount: 10,
    receipt_datetime: '2026-11-20T10:00:00-08:00',
    punchh_key: '315788232640',
    external_uid: 'first',
    menu_items: [
      {
        item_name: 'Latte',
        item_qty: 2,
        item_amount: 10,
        menu_item_type: 'M',
        menu_item_id: '1',
        menu_family: 'Espresso',
        menu_major_group: 'Drinks',
        serial_number: '1.0',
      },
    ],
  })
  expect(expectReply(posCheckin, answer).points_earned).toBe(100)
  expect(await counter.newEntries(ben.guestId)).toEqual([
    '100 points earned > guest_pending (checkin)',
  ])
  await counter.expectSound()
})
