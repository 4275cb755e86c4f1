import { onlineBatchRedemptions, onlineVoidBatch } from '@regulars/contract/wire/batch-redemptions'
import { onlineCheckin, onlineVoidCheckin } from '@regulars/contract/wire/checkins'
import {
  mobileActive,
  mobileSelect,
  mobileUnselect,
  onlineActive,
  onlineAutoSelect,
  onlineSelect,
  onlineUnlock,
  onlineUnselect,
  posActive,
  posSelect,
} from '@regulars/contract/wire/discounts'
import type { Operation } from '@regulars/contract/wire/operation'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectRefusal, expectReply } from './expect-reply.ts'
import { type HarborCounter, openHarborCounter, type TestGuest } from './harbor-counter.ts'
import { type Check, checkOf, inMenuItems, openTill } from './till.ts'

let counter: HarborCounter
let ana: TestGuest

beforeEach(async () => {
  counter = await openHarborCounter()
  ana = counter.guest('ana')
})

afterEach(() => counter.close())

const call = (operation: Operation, members: object = {}, params: Record<string, string> = {}) =>
  counter.call(operation, members, { as: ana, params })

const rewardItem = (id: string) => ({
  discount_type: 'reward',
  discount_id: ana.rewardIds.get(id),
})

const selecting = (items: readonly object[], externalUid?: string) => ({
  discount_basket_items_attributes: items,
  ...(externalUid === undefined ? {} : { external_uid: externalUid }),
})

const lunch = (): Check => checkOf(counter.program, ['102', '102', '113'])

const locked = {
  code: 'basket_locked',
  status: 422,
  body: {
    error: 'Unable to access the user’s Discount Basket, the Basket is currently locked',
  },
} as const

const noBasket = {
  code: 'no_active_basket',
  status: 404,
  body: { error: 'User does not have an active basket' },
} as const

describe('an online order', () => {
  test('is sold: select, look, quote, commit, check in; and taken back', async () => {
    const uid = 'web-1'
    const selected = await call(onlineSelect, selecting([rewardItem('five-off')], uid))
    const basket = expectReply(onlineSelect, selected)
    expect(basket).toMatchObject({
      locked: true,
      discount_basket_items: [{ discount_type: 'reward' }],
    })
    expect(expectReply(onlineActive, await call(onlineActive, { external_uid: uid }))).toEqual(
      basket,
    )

    const sale = { ...lunch(), store_number: '0007', external_uid: uid }
    const quote = expectReply(
      onlineBatchRedemptions,
      await call(onlineBatchRedemptions, { ...sale, query: true }),
    )
    const done = expectReply(onlineBatchRedemptions, await call(onlineBatchRedemptions, sale))
    expect(done).toMatchObject({ failures: [], success: [{ discount_amount: 5 }] })
    expect(quote.success[0].discount_amount).toBe(5)
    const again = await call(onlineBatchRedemptions, sale)
    expect([again.body, again.replayed]).toEqual([done, true])

    const order = {
      ...inMenuItems(lunch()),
      store_number: '0007',
      external_uid: uid,
      state: 'pending',
    }
    expectReply(onlineCheckin, await call(onlineCheckin, order))
    // Taking the check-in back leaves what was redeemed.
    expectReply(onlineVoidCheckin, await call(onlineVoidCheckin, { external_uid: uid }))
    const [reward] = await counter.rows('select status from rewards where reward_id = $1', [
      ana.rewardIds.get('five-off'),
    ])
    expect(reward).toEqual({ status: 'honored' })

    const params = { redemption_ref: done.redemption_ref }
    const voided = await call(onlineVoidBatch, {}, params)
    expect([voided.status, voided.body]).toEqual([202, null])
    expect((await call(onlineVoidBatch, {}, params)).status).toBe(202)
    const [back] = await counter.rows('select status from rewards where reward_id = $1', [
      ana.rewardIds.get('five-off'),
    ])
    expect(back).toEqual({ status: 'unredeemed' })
    await counter.expectSound()
  })

  test('once its check-in has counted, its redemption cannot be voided', async () => {
    const uid = 'web-2'
    await call(onlineSelect, selecting([rewardItem('five-off')], uid))
    const sale = { ...lunch(), store_number: '0007', external_uid: uid }
    const { body } = await call(onlineBatchRedemptions, sale)
    const order = {
      ...inMenuItems(lunch()),
      store_number: '0007',
      external_uid: uid,
      state: 'committed',
    }
    await call(onlineCheckin, order)
    const voided = await call(onlineVoidBatch, {}, { redemption_ref: body.redemption_ref })
    expectRefusal(onlineVoidBatch, voided, {
      code: 'checkin_committed',
      status: 410,
      body: {
        error: {
          message: `Checkin associated with external_uid ${uid} has been committed.`,
          code: 'commited',
        },
      },
    })
  })

  test('names a store of the business, by number or by text, with its zeros', async () => {
    await call(onlineSelect, selecting([rewardItem('five-off')], 'web-3'))
    for (const store_number of [7, '7', '0604']) {
      const sale = { ...lunch(), store_number, external_uid: 'web-3', query: true }
      expectRefusal(onlineBatchRedemptions, await call(onlineBatchRedemptions, sale), {
        code: 'location_not_found',
        status: 422,
        body: { error: `There is no store ${store_number} in this business.` },
      })
    }
    const sale = { ...lunch(), external_uid: 'web-3' }
    expectRefusal(onlineBatchRedemptions, await call(onlineBatchRedemptions, sale), {
      code: 'missing_parameter',
      status: 400,
      body: { error: 'Required parameter missing or the value is empty: store_number' },
    })
  })

  test('cannot void what another guest redeemed', async () => {
    await call(onlineSelect, selecting([rewardItem('five-off')], 'web-4'))
    const sale = { ...lunch(), store_number: '0007', external_uid: 'web-4' }
    const { body } = await call(onlineBatchRedemptions, sale)
    const answer = await counter.call(
      onlineVoidBatch,
      {},
      {
        as: counter.guest('ben'),
        params: { redemption_ref: body.redemption_ref },
      },
    )
    expectRefusal(onlineVoidBatch, answer, {
      code: 'redemption_not_found',
      status: 422,
      body: { error: 'No Basket found' },
    })
  })
})

describe('the lock of a basket', () => {
  test('that an online order holds stops a till and the app, until it lets go', async () => {
    await call(onlineSelect, selecting([rewardItem('five-off')], 'web-5'))
    const till = openTill(counter)
    expectRefusal(posActive, await till.active(ana, 'till-1'), locked)
    expectRefusal(posSelect, await till.select(ana, [['discount_amount', 1]], 'till-1'), locked)
    const inApp = { ...locked, body: { errors: { base: [locked.body.error] } } }
    expectRefusal(mobileActive, await call(mobileActive), inApp)
    expectRefusal(
      mobileSelect,
      await call(mobileSelect, selecting([rewardItem('birthday')])),
      inApp,
    )

    expectRefusal(onlineUnlock, await call(onlineUnlock, { external_uid: 'web-6' }), {
      code: 'no_valid_basket',
      status: 422,
      body: { error: 'Unable to find valid discount basket' },
    })
    const unlocked = await call(onlineUnlock, { external_uid: 'web-5' })
    expect([unlocked.status, unlocked.body]).toEqual([200, null])
    expect((await till.active(ana, 'till-1')).status).toBe(200)
    expectReply(mobileActive, await call(mobileActive))
  })

  test('that a till holds stops an online order with another uid, and none with the same', async () => {
    const till = openTill(counter)
    await till.select(ana, [['discount_amount', 1]], 'check-9')
    expectRefusal(onlineActive, await call(onlineActive, { external_uid: 'web-7' }), locked)
    expectRefusal(onlineActive, await call(onlineActive), locked)
    const auto = { ...lunch(), external_uid: 'web-7' }
    expectRefusal(onlineAutoSelect, await call(onlineAutoSelect, auto), locked)
    const sale = { ...lunch(), store_number: '0007', external_uid: 'web-7' }
    expectRefusal(onlineBatchRedemptions, await call(onlineBatchRedemptions, sale), locked)
    expectReply(onlineActive, await call(onlineActive, { external_uid: 'check-9' }))
  })

  test('without a basket there is nothing to unlock', async () => {
    expectRefusal(onlineUnlock, await call(onlineUnlock, { external_uid: 'web-8' }), {
      ...noBasket,
      status: 422,
    })
  })
})

describe('what suits an online order', () => {
  test('is selected without a store: nothing that is bound to one, nothing that costs points', async () => {
    const basket = expectReply(onlineAutoSelect, await call(onlineAutoSelect, lunch()))
    const ids = basket.discount_basket_items.map((item: { discount_id: unknown }) =>
      Number(item.discount_id),
    )
    const bound = counter.entryId('redeemable', 'waterfront-fifteen-percent')
    const rewards = await counter.rows(
      'select redeemable_id from rewards where reward_id = any($1::bigint[])',
      [ids],
    )
    expect(rewards.map(({ redeemable_id }) => redeemable_id)).not.toContain(bound)
    const types = basket.discount_basket_items.map(
      (item: { discount_type: string }) => item.discount_type,
    )
    expect(types.every((type: string) => type === 'reward' || type === 'subscription')).toBe(true)
  })
})

describe('the basket of the app', () => {
  test('is the one the till sees: selected, looked at, taken out', async () => {
    const selected = await call(mobileSelect, selecting([rewardItem('birthday')]))
    const basket = expectReply(mobileSelect, selected)
    expect(expectReply(mobileActive, await call(mobileActive))).toEqual(basket)
    const [item] = basket.discount_basket_items
    const atTill = (await openTill(counter).active(ana)).body.discount_basket_items
    expect(
      atTill.map((one: { discount_basket_item_id: number }) => one.discount_basket_item_id),
    ).toEqual([item.discount_basket_item_id])
    const ids = { discount_basket_item_ids: [item.discount_basket_item_id] }
    const emptied = expectReply(mobileUnselect, await call(mobileUnselect, ids))
    expect(emptied.discount_basket_items).toEqual([])
    const gone = { ...noBasket, body: { errors: { base: [noBasket.body.error] } } }
    expectRefusal(mobileActive, await call(mobileActive), gone)
    expectRefusal(mobileUnselect, await call(mobileUnselect, ids), gone)
  })

  test('takes no reward of somebody else, nor one that is not there', async () => {
    const bens = counter.guest('ben').rewardIds.get('welcome')
    for (const discount_id of [bens, 1]) {
      const item = { discount_type: 'reward', discount_id }
      expectRefusal(mobileSelect, await call(mobileSelect, selecting([item])), {
        code: 'invalid_reward_id',
        status: 422,
        body: { errors: { base: ['Invalid Reward ID'] } },
      })
      expectRefusal(onlineSelect, await call(onlineSelect, selecting([item])), {
        code: 'invalid_reward_id',
        status: 422,
        body: { error: 'Invalid Reward ID' },
      })
    }
  })
})

test('items of a basket are taken out online, and what is not there is refused', async () => {
  const { body } = await call(
    onlineSelect,
    selecting([rewardItem('birthday'), rewardItem('five-off')]),
  )
  const [first] = body.discount_basket_items
  expectRefusal(onlineUnselect, await call(onlineUnselect, { discount_basket_item_ids: [1] }), {
    code: 'items_not_found',
    status: 422,
    body: { error: 'Discount Items not found with any given ids' },
  })
  const ids = { discount_basket_item_ids: [first.discount_basket_item_id] }
  const left = expectReply(onlineUnselect, await call(onlineUnselect, ids))
  expect(left.discount_basket_items).toHaveLength(1)
})
