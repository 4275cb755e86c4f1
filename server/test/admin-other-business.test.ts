import type { ProgramFile } from '@regulars/contract/program-file'
import { adminSupportGift } from '@regulars/contract/wire/admin-gifting'
import {
  adminBanGuest,
  adminDeleteGuest,
  adminGuestInfo,
  adminUnbanGuest,
} from '@regulars/contract/wire/admin-guests'
import { adminLocations } from '@regulars/contract/wire/admin-locations'
import { adminExplanations } from '@regulars/contract/wire/explanations'
import {
  adminListRedeemables,
  adminUpdateRedeemables,
} from '@regulars/contract/wire/offers-operations'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyProgram } from '../src/actions/apply-program.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'
import { checkOf, openTill } from './till.ts'

let counter: HarborCounter
beforeAll(async () => {
  counter = await openHarborCounter()
  const applied = await applyProgram(counter.deps, rivalOf(counter.program))
  expect(applied.kind).toBe('applied')
})
afterAll(() => counter.close())

const rivalKey = 'rivalcoffeeexampleadmin000000000001'
const asRival = { headers: { authorization: `Bearer ${rivalKey}` } }

const reaches = [
  { operation: adminGuestInfo, more: {} },
  { operation: adminSupportGift, more: { gift_count: 5 } },
  { operation: adminBanGuest, more: { reason: 'a rival' } },
  { operation: adminUnbanGuest, more: {} },
  { operation: adminDeleteGuest, more: {} },
] as const
for (const { operation, more } of reaches) {
  test(`${operation.name} reaches no guest of another business`, async () => {
    const { guestId } = counter.guest('ana')
    const before = await counter.rows('select * from guests where guest_id = $1', [guestId])
    const answer = await counter.call(operation, { user_id: guestId, ...more }, asRival)
    expect(answer.code).toBe('user_not_found')
    expect(await counter.rows('select * from guests where guest_id = $1', [guestId])).toEqual(
      before,
    )
  })
}

test('explanations, stores and offers of another business are not shown', async () => {
  const ana = counter.guest('ana')
  const till = openTill(counter)
  await till.select(ana, [['reward', ana.rewardIds.get('five-off') ?? 0]], 'sale')
  const check = checkOf(counter.program, [counter.program.menu?.items[0]?.item_id ?? ''])
  const params = { redemption_ref: (await till.query(ana, check, 'sale')).body.redemption_ref }
  expect((await counter.call(adminExplanations, {}, { params })).status).toBe(200)
  const asked = await counter.call(adminExplanations, {}, { params, ...asRival })
  expect(asked.code).toBe('explanation_not_found')

  const stores = await counter.call(adminLocations, {}, asRival)
  expect(stores.body.map(({ name }: { name: string }) => name)).toEqual(['Rival Coffee'])
  const patch = { data: [{ external_id: 'five-off', name: 'Five off at the rival' }] }
  const changed = await counter.call(adminUpdateRedeemables, patch, asRival)
  expect(changed.body.results).toMatchObject([{ external_id: 'five-off', success: true }])
  const ours = await counter.call(adminListRedeemables, { query: '5.00 off' })
  expect(ours.body.data[0].name).toBe('5.00 off')
})

/** The same offers in one store, under keys of its own, with no guests. */
function rivalOf({ guests, codes, ...program }: ProgramFile): ProgramFile {
  const [location] = program.locations
  if (location === undefined) throw new Error('the example has a store')
  return {
    ...program,
    business: {
      ...program.business,
      id: 'rival',
      name: 'Rival Coffee',
      business_key: 'c0ffee00-0000-4000-8000-000000000002',
      client: 'rivalcoffeeexampleclient0000000000000000000000000000000000000001',
      admin_key: rivalKey,
    },
    locations: [
      { ...location, name: 'Rival Coffee', location_key: 'rivalcoffeeexamplekey00000000000001' },
    ],
  }
}
