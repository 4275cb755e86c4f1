import { posBatchRedemptions } from '@regulars/contract/wire/batch-redemptions'
import { posActive, posSelect } from '@regulars/contract/wire/discounts'
import type { ReplyOf } from '@regulars/contract/wire/operation'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectReply } from './expect-reply.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'

const coupon = 'HC7QK2M9'
let counter: HarborCounter

beforeAll(async () => {
  counter = await openHarborCounter((program) => ({
    ...program,
    multiple_redemptions: { ...program.multiple_redemptions, enable_discount_locking: false },
    codes: {
      ...program.codes,
      coupon_campaigns: (program.codes?.coupon_campaigns ?? []).map((campaign) => ({
        ...campaign,
        meta_data: 'mailer',
        alternate_locale_meta_data: [{ language: 'es', translation: 'folleto' }],
      })),
    },
  }))
})

afterAll(() => counter.close())

const check = {
  line_items: [
    {
      item_name: 'Egg and cheddar sandwich',
      item_qty: 1,
      amount: 7.95,
      item_type: 'M',
      item_id: 401,
      item_family: 'sandwich',
      item_group: 'kitchen',
      serial_number: '1.0',
    },
  ],
  receipt_amount: 7.95,
  receipt_datetime: '2026-11-20T10:00:00-08:00',
}

test("a coupon's meta data is its campaign's, in the language asked for, to the commit", async () => {
  const { guestId } = counter.guest('ana')
  const chosen = [{ discount_type: 'redemption_code', discount_id: coupon.toLowerCase() }]
  const selection = { user_id: guestId, discount_basket_items_attributes: chosen }
  expectReply(posSelect, await counter.call(posSelect, selection))
  const speaking = (language: string) => ({ headers: { 'accept-language': language } })

  const metaIn = async (language: string) => {
    const answer = await counter.call(posActive, { user_id: guestId }, speaking(language))
    const basket: ReplyOf<typeof posActive> = expectReply(posActive, answer)
    return basket.discount_basket_items.map((item) => item.discount_details?.meta_detail)
  }
  expect(await metaIn('es')).toEqual(['folleto'])
  expect(await metaIn('de')).toEqual(['mailer'])

  const commit = await counter.call(
    posBatchRedemptions,
    { ...check, user_id: guestId },
    speaking('es'),
  )
  const { success }: ReplyOf<typeof posBatchRedemptions> = expectReply(posBatchRedemptions, commit)
  expect(success.map(({ discount_amount, meta_data }) => [discount_amount, meta_data])).toEqual([
    [5, 'folleto'],
  ])
})
