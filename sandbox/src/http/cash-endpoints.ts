import { cashDepositPayload, cashEntryPayload } from '../wire/labor-payload.ts'
import { cashDepositsOf, cashEntriesOf } from '../world/cash.ts'
import { ok, Refused } from './answer.ts'
import { dateParam, type RestaurantCall, type RestaurantEndpoint } from './call.ts'

const cash = {
  method: 'GET',
  scope: 'cashmgmt:read',
  api: 'cashmgmt',
  about: 'restaurant',
} as const

/** What went into and out of the drawers on one business day. */
export const cashEndpoints: readonly RestaurantEndpoint[] = [
  {
    ...cash,
    path: '/cashmgmt/v1/entries',
    answer: (call) => {
      const { world, restaurant, now } = call
      const entries = cashEntriesOf(world, restaurant, { day: dayOf(call), now })
      return ok(entries.map((entry) => cashEntryPayload(world, restaurant.index, entry)))
    },
  },
  {
    ...cash,
    path: '/cashmgmt/v1/deposits',
    answer: (call) => {
      const { world, restaurant, now } = call
      const deposits = cashDepositsOf(world, restaurant, { day: dayOf(call), now })
      return ok(deposits.map(cashDepositPayload))
    },
  },
]

function dayOf(call: RestaurantCall): number {
  const day = dateParam(call, 'businessDate') ?? dateParam(call, 'yyyymmdd')
  if (day === null) throw new Refused(400, 'businessDate is required')
  return day
}
