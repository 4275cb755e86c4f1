import { posBatchRedemptions } from '@regulars/contract/wire/batch-redemptions'
import { posSelect } from '@regulars/contract/wire/discounts'
import { adminExplanations } from '@regulars/contract/wire/explanations'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectRefusal, expectReply } from './expect-reply.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'

let counters: Record<'on' | 'off', HarborCounter>
beforeAll(async () => {
  const on = await openHarborCounter()
  const off = await openHarborCounter((program) => ({
    ...program,
    multiple_redemptions: { ...program.multiple_redemptions, enable_discount_locking: false },
  }))
  counters = { on, off }
})
afterAll(() => Promise.all(Object.values(counters).map((counter) => counter.close())))

test.each(['on', 'off'] as const)(
  'with locking %s, why a basket came out as it did can be read after its query and after its commit',
  async (locking) => {
    const counter = counters[locking]
    const { guestId, rewardIds } = counter.guest('ana')
    const selected = await counter.call(posSelect, {
      user_id: guestId,
      external_uid: 'sale-1',
      discount_basket_items_attributes: [
        { discount_type: 'reward', discount_id: String(rewardIds.get('five-off')) },
      ],
    })
    expect(selected.status).toBe(200)
    const sale = (quantity: number) => ({
      user_id: guestId,
      external_uid: 'sale-1',
      receipt_amount: 10 * quantity,
      subtotal_amount: 10 * quantity,
      receipt_datetime: '2026-11-20T10:00:00-08:00',
      transaction_no: '1',
      line_items: [
        {
          item_name: 'Latte',
          item_qty: quantity,
          amount: 10 * quantity,
          item_type: 'M',
          item_id: '1',
          item_family: 'Espresso',
          item_group: 'Drinks',
          serial_number: '1.0',
        },
      ],
    })
    const queried = await counter.call(posBatchRedemptions, { ...sale(1), query: true })
    expect(queried.status).toBe(200)
    const params = { redemption_ref: queried.body.redemption_ref }
    const asked = await counter.call(adminExplanations, {}, { params })
    const { query } = expectReply(adminExplanations, asked)
    expect(asked.body).toEqual({ ...params, query, commit: null })
    expect(query.items).toMatchObject([
      { discount_type: 'reward', outcome: 'granted', nearest_miss: null },
    ])

    expect((await counter.call(posBatchRedemptions, sale(2))).status).toBe(200)
    const after = await counter.call(adminExplanations, {}, { params })
    const { commit } = expectReply(adminExplanations, after)
    expect(after.body).toEqual({ ...params, query, commit })
    expect(commit.changed_since_query).toContainEqual({
      line: 0,
      attribute: 'item_qty',
      at_query: '1',
      at_commit: '2',
    })
  },
)

test('there is no explanation of a basket that nobody asked about', async () => {
  const params = { redemption_ref: 'nobody' }
  expectRefusal(adminExplanations, await counters.on.call(adminExplanations, {}, { params }), {
    code: 'explanation_not_found',
    status: 404,
    body: { error: 'There is no explanation of nobody.' },
  })
})
