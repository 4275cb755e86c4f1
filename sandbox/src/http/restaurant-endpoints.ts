import { dateNumber } from '../world/instants.ts'
import { connectedAt, days, type Restaurant, readableAt, servicesOf } from '../world/restaurants.ts'
import { ok, Refused } from './answer.ts'
import { flagParam, type RestaurantEndpoint } from './call.ts'

const restaurants = {
  method: 'GET',
  scope: 'restaurants:read',
  api: 'restaurants',
  about: 'restaurant',
} as const

/** What a restaurant says of itself, and which others are in its group. */
export const restaurantEndpoints: readonly RestaurantEndpoint[] = [
  {
    ...restaurants,
    path: '/restaurants/v1/restaurants/:guid',
    answer: (call) => {
      const { world, now, params } = call
      const known = world.restaurants.find((each) => each.guid === params.guid)
      if (known === undefined) throw new Refused(404, 'Restaurant not found')
      if (!readableAt([known], now).includes(known)) throw new Refused(403, 'Forbidden')
      const archived = world.isArchived(known)
      if (archived && !flagParam(call, 'includeArchived')) {
        throw new Refused(404, 'Restaurant not found')
      }
      return ok(restaurantPayload(known, archived))
    },
  },
  {
    ...restaurants,
    path: '/restaurants/v1/groups/:managementGroupGuid/restaurants',
    answer: ({ world, now, params: { managementGroupGuid } }) => {
      const members = connectedAt(world.restaurants, now).filter(
        (each) => each.managementGroupGuid === managementGroupGuid,
      )
      if (members.length === 0) throw new Refused(403, 'Forbidden')
      return ok(members.map(({ guid }) => ({ guid })))
    },
  },
]

function restaurantPayload(restaurant: Restaurant, archived: boolean): Record<string, unknown> {
  return {
    guid: restaurant.guid,
    general: generalPayload(restaurant, archived),
    location: locationPayload(restaurant),
    urls: {
      website: 'https://www.example.com/café',
      facebook: null,
      twitter: null,
      orderOnline: `https://order.example.com/${restaurant.index}`,
      purchaseGiftCard: null,
      checkGiftCard: null,
    },
    schedules: schedulesPayload(restaurant),
    delivery: { enabled: true, minimum: 15.5, area: '_p~iF~ps|U_ulLnnqC_mqNvxq`@' },
    onlineOrdering: onlinePayload(),
    prepTimes: {
      deliveryPrepTime: 40,
      deliveryTimeAfterOpen: 15,
      deliveryTimeBeforeClose: 30,
      deliveryThrottlingTime: 0,
      takeoutPrepTime: 20,
      takeoutTimeAfterOpen: 10,
      takeoutTimeBeforeClose: 20,
      takeoutThrottlingTime: 5,
    },
  }
}

function generalPayload(restaurant: Restaurant, archived: boolean): Record<string, unknown> {
  return {
    name: restaurant.name,
    locationName: restaurant.locationName,
    locationCode: restaurant.locationCode,
    description: null,
    timeZone: restaurant.zone,
    closeoutHour: restaurant.closeoutHour,
    managementGroupGuid: restaurant.managementGroupGuid,
    currencyCode: 'USD',
    firstBusinessDate: dateNumber(restaurant.firstDay),
    archived,
  }
}

function locationPayload(restaurant: Restaurant): Record<string, unknown> {
  return {
    address1: restaurant.address,
    address2: null,
    city: restaurant.city,
    stateCode: restaurant.state,
    administrativeArea: restaurant.state,
    zipCode: restaurant.zip,
    country: 'US',
    phone: restaurant.phone,
    phoneCountryCode: '1',
    latitude: restaurant.latitude,
    longitude: restaurant.longitude,
  }
}

/** Closed on Mondays; the rest of the week has one schedule or the weekend's. */
function schedulesPayload(restaurant: Restaurant): Record<string, unknown> {
  const services = servicesOf(restaurant).map(({ name, start, end, overnight }) => ({
    name,
    hours: { startTime: start, endTime: end },
    overnight,
  }))
  const open = services[0]?.hours.startTime ?? null
  const close = services.at(-1)?.hours.endTime ?? null
  const schedule = (scheduleName: string) => ({
    scheduleName,
    services,
    openTime: open,
    closeTime: close,
  })
  const week = days.map((day, index) => [day, index === 0 ? null : index < 5 ? '100' : '200'])
  return {
    daySchedules: { '100': schedule('Weekday'), '200': schedule('Wochenende – week-end') },
    weekSchedule: Object.fromEntries(week),
  }
}

function onlinePayload(): Record<string, unknown> {
  return {
    enabled: true,
    scheduling: true,
    specialRequests: true,
    specialRequestsMessage: null,
    paymentOptions: {
      delivery: { cash: false, ccSameDay: true, ccFuture: true },
      takeout: { cash: true, ccSameDay: true, ccFuture: false, ccInStore: true },
      ccTip: true,
    },
  }
}
