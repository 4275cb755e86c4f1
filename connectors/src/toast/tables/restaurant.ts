import {
  as,
  boolean,
  businessDateNamed,
  double,
  integer,
  json,
  money,
  personal,
  text,
  timestamp,
} from '../../mapping/columns.ts'
import type { Members, RecordShape, Shape } from '../../mapping/shape.ts'
import { inRestaurant, ordinal } from './reference.ts'

/** A connection to a restaurant, as the partners API lists it; a group's list has only its guid. */
export const restaurant: RecordShape = {
  table: 'restaurant',
  source: 'partners/v1/restaurants',
  key: ['id'],
  identity: 'required',
  columns: {
    ...as('id', 'text', 'restaurantGuid'),
    ...as('name', 'text', 'restaurantName'),
    ...text('locationName', 'managementGroupGuid'),
    ...personal(text('createdByEmailAddress')),
    ...text('externalGroupRef', 'externalRestaurantRef'),
    ...boolean('deleted'),
    ...integer('createdDate', 'modifiedDate'),
    ...timestamp('isoCreatedDate', 'isoModifiedDate'),
  },
  prepare: withRestaurantGuid,
}

function withRestaurantGuid(payload: Members): Members {
  const { guid, ...others } = payload
  const isOfGroup = guid !== undefined && payload.restaurantGuid === undefined
  return isOfGroup ? { ...others, restaurantGuid: guid } : payload
}

/** One opening of a day, in the restaurant's own time. */
const restaurantServiceHours: Shape = {
  table: 'restaurant_service_hours',
  source: 'schedules.daySchedules.*.services[]',
  key: ['restaurant_id', 'day', 'ordinal'],
  identity: 'none',
  columns: {
    ...inRestaurant,
    ...as('day', 'text', '#day'),
    ...ordinal,
    ...text('name'),
    ...as('start_time', 'text', 'hours.startTime'),
    ...as('end_time', 'text', 'hours.endTime'),
    ...boolean('overnight'),
  },
}

/** One weekday; a day without a schedule is closed. */
const restaurantSchedule: Shape = {
  table: 'restaurant_schedule',
  source: 'schedules.weekSchedule with schedules.daySchedules',
  key: ['restaurant_id', 'day'],
  identity: 'none',
  columns: {
    ...inRestaurant,
    ...as('day', 'text', '#day'),
    ...text('scheduleName', 'openTime', 'closeTime'),
    ...as('closed', 'boolean', '#closed'),
  },
  parts: [{ from: 'services', as: 'list', shape: () => restaurantServiceHours }],
}

/** What a restaurant has set up: time zone, closeout hour, address, hours. */
export const restaurantDetails: RecordShape = {
  table: 'restaurant_details',
  source: 'restaurants/v1/restaurants/{guid}',
  key: ['restaurant_id', 'id'],
  identity: 'required',
  columns: {
    ...inRestaurant,
    ...text('guid'),
    ...as('time_zone', 'text', 'general.timeZone'),
    ...as('closeout_hour', 'integer', 'general.closeoutHour'),
    ...as('currency_code', 'text', 'general.currencyCode'),
    ...businessDateNamed('first_business_date', 'general.firstBusinessDate'),
    ...text('general.name', 'general.locationName', 'general.locationCode', 'general.description'),
    ...text('general.managementGroupGuid'),
    ...boolean('general.archived'),
    ...text('location.address1', 'location.address2', 'location.city', 'location.stateCode'),
    ...text('location.administrativeArea', 'location.zipCode', 'location.country'),
    ...text('location.phone', 'location.phoneCountryCode'),
    ...double('location.latitude', 'location.longitude'),
    ...text('urls.website', 'urls.facebook', 'urls.twitter', 'urls.orderOnline'),
    ...text('urls.purchaseGiftCard', 'urls.checkGiftCard'),
    ...boolean('delivery.enabled'),
    ...money('delivery.minimum'),
    ...text('delivery.area'),
    ...boolean('onlineOrdering.enabled', 'onlineOrdering.scheduling'),
    ...boolean('onlineOrdering.specialRequests'),
    ...text('onlineOrdering.specialRequestsMessage'),
    ...paymentOptions('delivery', ['cash', 'ccSameDay', 'ccFuture']),
    ...paymentOptions('takeout', ['cash', 'ccSameDay', 'ccFuture', 'ccInStore']),
    ...boolean('onlineOrdering.paymentOptions.ccTip'),
    ...prepTimes('delivery'),
    ...prepTimes('takeout'),
    ...json('schedules'),
  },
  parts: [{ from: '#days', as: 'list', shape: () => restaurantSchedule }],
  prepare: withDays,
}

function paymentOptions(kind: string, members: readonly string[]) {
  return boolean(...members.map((member) => `onlineOrdering.paymentOptions.${kind}.${member}`))
}

function prepTimes(kind: string) {
  const members = ['PrepTime', 'TimeAfterOpen', 'TimeBeforeClose', 'ThrottlingTime']
  return integer(...members.map((member) => `prepTimes.${kind}${member}`))
}

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/**
 * Lays the week and its named day schedules out as one list of seven days. A day that names a
 * schedule the document does not have is neither open nor closed.
 */
function withDays(payload: Members): Members {
  const schedules = membersOf(payload.schedules)
  const week = membersOf(schedules?.weekSchedule)
  if (week === null) return { ...payload, '#days': null }
  const named = membersOf(schedules?.daySchedules) ?? {}
  const list = days.map((day) => {
    const name = week[day] ?? null
    if (name === null) return { '#day': day, '#closed': true }
    const schedule = membersOf(named[String(name)])
    return schedule === null ? { '#day': day } : dayOf(day, schedule)
  })
  return { ...payload, '#days': list }
}

function dayOf(day: string, schedule: Members): Members {
  const { services } = schedule
  const named = Array.isArray(services)
    ? services.map((service) => namedAfter(day, service))
    : services
  return { ...schedule, services: named, '#day': day, '#closed': false }
}

function namedAfter(day: string, service: unknown): unknown {
  const members = membersOf(service)
  return members === null ? service : { ...members, '#day': day }
}

function membersOf(value: unknown): Members | null {
  const isMembers = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isMembers ? (value as Members) : null
}
