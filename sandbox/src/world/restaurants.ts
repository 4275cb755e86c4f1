import type { Guids } from './guids.ts'
import { dayMs, hourMs, minuteMs } from './instants.ts'
import { at, hashOf } from './random.ts'
import { membership, type WorldOptions } from './world-options.ts'
import { instantOf, offsetMs } from './zones.ts'

export type Restaurant = {
  index: number
  guid: string
  name: string
  locationName: string
  locationCode: string
  managementGroupGuid: string
  /** IANA. */
  zone: string
  /** 0 to 12, local. */
  closeoutHour: number
  /** Minutes after midnight of the business day; the last order may be opened after midnight. */
  openMinutes: number
  lastOrderMinutes: number
  /** Day number of the first business day. */
  firstDay: number
  connectedAt: number
  /** Other APIs than the partners' answer from here on. */
  readableAt: number
  /** First menu publication; null when it was before the world began. */
  firstPublishedAt: number | null
  /** Null while it stays connected. */
  removedAt: number | null
  /** Taxes are rounded per line; elsewhere they keep their long fractions. */
  roundsTaxPerLine: boolean
  city: string
  state: string
  zip: string
  address: string
  phone: string
  latitude: number
  longitude: number
}

/** The restaurants of a world, those that connect later among them. */
export function restaurantsOf(options: WorldOptions, guids: Guids): readonly Restaurant[] {
  const moves = options.membershipMoves && options.restaurantCount >= membership.restaurantsMin
  const count = options.restaurantCount + (moves ? 1 : 0)
  return Array.from({ length: count }, (_, index) => {
    const later = index >= options.restaurantCount
    return restaurantAt(options, guids, { index, later, removed: moves && index === 1 })
  })
}

/** Those the accounts see at an instant, a new one from the moment it connects. */
export function connectedAt(all: readonly Restaurant[], now: number): Restaurant[] {
  return all.filter(
    ({ connectedAt, removedAt }) => connectedAt <= now && (removedAt === null || now < removedAt),
  )
}

/** Those whose data can be read at an instant. */
export function readableAt(all: readonly Restaurant[], now: number): Restaurant[] {
  return connectedAt(all, now).filter((restaurant) => restaurant.readableAt <= now)
}

/** The business day an instant belongs to: it begins at the closeout hour of the wall clock. */
export function businessDay({ zone, closeoutHour }: Restaurant, instant: number): number {
  return Math.floor((instant + offsetMs(zone, instant) - closeoutHour * hourMs) / dayMs)
}

/** When a business day ends and its closeout batch runs. */
export function closeoutAt({ zone, closeoutHour }: Restaurant, day: number): number {
  return instantOf(zone, day + 1, closeoutHour * 60)
}

export const days = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const

/** Two services a day; the later one may end on the next. */
export function servicesOf({ openMinutes, lastOrderMinutes }: Restaurant) {
  const middle = openMinutes + 5 * 60
  const close = lastOrderMinutes + 30
  return [
    { name: 'Lunch', start: wall(openMinutes), end: wall(middle), overnight: false },
    { name: 'Dîner', start: wall(middle), end: wall(close), overnight: close >= 24 * 60 },
  ]
}

/** Local wall time as `HH:mm:ss.SSS`. */
function wall(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}:00.000`
}

const towns = [
  {
    zone: 'America/New_York',
    city: 'Brooklyn',
    state: 'NY',
    zip: '11201',
    lat: 40.69,
    lon: -73.99,
  },
  { zone: 'America/Chicago', city: 'Chicago', state: 'IL', zip: '60614', lat: 41.92, lon: -87.65 },
  { zone: 'America/Denver', city: 'Denver', state: 'CO', zip: '80202', lat: 39.75, lon: -105.0 },
  {
    zone: 'America/Los_Angeles',
    city: 'Oakland',
    state: 'CA',
    zip: '94607',
    lat: 37.81,
    lon: -122.3,
  },
] as const

const names = [
  'Café Amélie',
  'Noodle 日本',
  'Harbor "North" Kitchen',
  "O'Brien's Grill",
  'Taquería Señor 🌮',
  'Ñandú & Söhne',
] as const

const streets = ['Atlantic Avenue', 'Rue Bélanger', "Saint John's Place", 'Market Street'] as const

/** Business hours that fit the closeout: until before midnight, until after one, all night. */
const hoursByCloseout = new Map([
  [0, { openMinutes: 9 * 60, lastOrderMinutes: 22 * 60 }],
  [4, { openMinutes: 10 * 60, lastOrderMinutes: 25 * 60 + 10 }],
  [12, { openMinutes: 16 * 60, lastOrderMinutes: 31 * 60 }],
])
const closeouts = [4, 0, 12, 4] as const

type Place = { index: number; later: boolean; removed: boolean }

function restaurantAt(options: WorldOptions, guids: Guids, place: Place): Restaurant {
  const { index } = place
  const town = at(towns, index)
  const closeoutHour = at(closeouts, index)
  const hours = hoursByCloseout.get(closeoutHour)
  if (hours === undefined) throw new Error(`no hours for a closeout at ${closeoutHour}`)
  const random = hashOf(options.seed, index, 17)
  return {
    index,
    guid: guids.of('restaurant', index, 0, 0, 0),
    name: at(names, index),
    locationName: `${town.city} ${index + 1}`,
    locationCode: String(index + 1).padStart(4, '0'),
    managementGroupGuid: guids.of('managementGroup', 0, 0, 0, 0),
    zone: town.zone,
    closeoutHour,
    ...hours,
    ...datesOf(options, place, { zone: town.zone, closeoutHour }),
    roundsTaxPerLine: index % 2 === 0,
    city: town.city,
    state: town.state,
    zip: town.zip,
    address: `${1 + (random % 990)} ${at(streets, random >>> 8)}`,
    phone: `0${String(200_000_000 + (random % 700_000_000))}`,
    latitude: town.lat,
    longitude: town.lon,
  }
}

function datesOf(
  { startAt, days }: WorldOptions,
  { index, later, removed }: Place,
  clock: { zone: string; closeoutHour: number },
) {
  const connectedAt = later
    ? startAt + membership.connectedAfterDays * dayMs + 7 * minuteMs
    : startAt - (days + 30 + index) * dayMs
  const wall = startAt + offsetMs(clock.zone, startAt) - clock.closeoutHour * hourMs
  return {
    firstDay: Math.floor(wall / dayMs) - days,
    connectedAt,
    readableAt: later ? connectedAt + membership.refusedMs : connectedAt,
    firstPublishedAt: later ? connectedAt + membership.unpublishedMs : null,
    removedAt: removed ? startAt + membership.removedAfterDays * dayMs + 3 * minuteMs : null,
  }
}
