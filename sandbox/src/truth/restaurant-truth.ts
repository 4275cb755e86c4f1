import { dateNumber, hourMs } from '../world/instants.ts'
import { days, type Restaurant, servicesOf } from '../world/restaurants.ts'
import { rowOf, type TruthRow } from './truth-row.ts'
import { instant } from './values.ts'

/** The connection as the partners API tells it: that of partners' accounts only. */
export function connectionTruth(restaurant: Restaurant): TruthRow {
  const { guid, index, connectedAt } = restaurant
  return rowOf('restaurant', {
    id: guid,
    name: restaurant.name,
    location_name: index % 4 === 3 ? null : restaurant.locationName,
    management_group_guid: restaurant.managementGroupGuid,
    created_date: connectedAt,
    iso_created_date: instant(connectedAt),
    iso_modified_date: instant(connectedAt + hourMs),
  })
}

/** What a restaurant says of itself. */
export function* detailsTruth(restaurant: Restaurant): Iterable<TruthRow> {
  const { guid } = restaurant
  yield rowOf('restaurant_details', {
    restaurant_id: guid,
    id: guid,
    general_name: restaurant.name,
    general_location_name: restaurant.locationName,
    general_location_code: restaurant.locationCode,
    time_zone: restaurant.zone,
    closeout_hour: restaurant.closeoutHour,
    currency_code: 'USD',
    first_business_date: dateNumber(restaurant.firstDay),
    location_address_1: restaurant.address,
    location_city: restaurant.city,
    location_zip_code: restaurant.zip,
    location_phone: restaurant.phone,
  })
  for (const [index, day] of days.entries()) yield* dayTruth(restaurant, { day, index })
}

/** Closed on the first day of the week; else two services. */
function* dayTruth(
  restaurant: Restaurant,
  { day, index }: { day: string; index: number },
): Iterable<TruthRow> {
  const restaurant_id = restaurant.guid
  const closed = index === 0
  const services = closed ? [] : servicesOf(restaurant)
  yield rowOf('restaurant_schedule', {
    restaurant_id,
    day,
    schedule_name: closed ? null : index < 5 ? 'Weekday' : 'Wochenende – week-end',
    open_time: services[0]?.start ?? null,
    close_time: services.at(-1)?.end ?? null,
    closed,
  })
  for (const [ordinal, { name, start, end, overnight }] of services.entries()) {
    yield rowOf('restaurant_service_hours', {
      restaurant_id,
      day,
      ordinal,
      name,
      start_time: start,
      end_time: end,
      overnight,
    })
  }
}
