import { adminLocations } from '@regulars/contract/wire/admin-locations'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectReply } from './expect-reply.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'

let counter: HarborCounter
beforeAll(async () => {
  counter = await openHarborCounter()
})
afterAll(() => counter.close())

test('the list of stores shows what the program file says of each', async () => {
  const answer = await counter.call(adminLocations, { store_number: '0007' }, { inQuery: true })
  const { updated_at, ...pier } = expectReply(adminLocations, answer)[0]
  expect(pier).toEqual({
    location_id: 4101,
    name: 'Harbor Coffee Pier 7',
    store_number: '0007',
    alternate_store_number: null,
    external_store_id: null,
    address: '7 Embarcadero',
    city: 'San Francisco',
    state: 'CA',
    post_code: '94111',
    country: 'US',
    latitude: null,
    longitude: null,
    phone_number: null,
    time_zone: 'America/Los_Angeles',
    store_tags: 'waterfront',
    status: 'approved',
    location_groups: [],
    multiple_redemption_on_location: true,
  })
})

const pages = [
  { name: 'everything without a page', asked: {}, expected: [0, 1, 2] },
  { name: 'the first page of one', asked: { page: 1, per: 1 }, expected: [0] },
  { name: 'a page that is not full', asked: { page: '2', per: '2' }, expected: [2] },
  { name: 'nothing beyond the end', asked: { page: 9 }, expected: [] },
  { name: 'the first page for page 0', asked: { page: 0, per: 2 }, expected: [0, 1] },
  {
    name: 'location_id rather than store_number',
    asked: { location_id: 4101, store_number: 'x' },
    expected: [0],
  },
  {
    name: 'nothing for a store number with other zeros',
    asked: { store_number: '7' },
    expected: [],
  },
]
for (const { name, asked, expected } of pages) {
  test(`the list of stores shows ${name}`, async () => {
    const ids = [...counter.locationIds.values()].sort((one, other) => one - other)
    const stores: { location_id: number }[] = expectReply(
      adminLocations,
      await counter.call(adminLocations, asked),
    )
    expect(stores.map((store) => store.location_id)).toEqual(expected.map((index) => ids[index]))
  })
}
