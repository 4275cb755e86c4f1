import {
  employeePayload,
  jobPayload,
  shiftPayload,
  timeEntryPayload,
} from '../wire/labor-payload.ts'
import { employeesOf, jobsOf } from '../world/employees.ts'
import { dayMs } from '../world/instants.ts'
import { laborBounds, type Shift, shiftsOf, type TimeEntry, timeEntriesOf } from '../world/labor.ts'
import { businessDay } from '../world/restaurants.ts'
import { type Answer, ok, Refused } from './answer.ts'
import {
  dateParam,
  flagParam,
  instantParam,
  params,
  type RestaurantCall,
  type RestaurantEndpoint,
} from './call.ts'

const labor = { method: 'GET', scope: 'labor:read', api: 'labor', about: 'restaurant' } as const
const idsMax = 100
const windowDaysMax = 30

/** Who works, as what, when they should and when they did. */
export const laborEndpoints: readonly RestaurantEndpoint[] = [
  { ...labor, path: '/labor/v1/employees', scope: 'labor.employees:read', answer: employees },
  { ...labor, path: '/labor/v1/jobs', answer: jobs },
  { ...labor, path: '/labor/v1/shifts', answer: shifts },
  { ...labor, path: '/labor/v1/timeEntries', answer: timeEntries },
]

/** Archived ones too; there is no filter by date. */
function employees(call: RestaurantCall): Answer {
  const { world, restaurant, now } = call
  const ids = idsOf(call, 'employeeIds')
  const all = employeesOf(world, restaurant.index, now)
  const wanted = ids === null ? all : all.filter(({ guid }) => ids.has(guid))
  return ok(wanted.map((each) => employeePayload(world, restaurant.index, each)))
}

/** A deleted job shows only to who asks for it by id. */
function jobs(call: RestaurantCall): Answer {
  const { world, restaurant, now } = call
  const ids = idsOf(call, 'jobIds')
  const all = jobsOf(world, restaurant.index, now)
  const wanted = all.filter(({ guid, deletedAt }) =>
    ids === null ? deletedAt === null : ids.has(guid),
  )
  return ok(wanted.map(jobPayload))
}

/** By id, or by the time of the shift itself: begun since the start, over before the end. */
function shifts(call: RestaurantCall): Answer {
  const ids = idsOf(call, 'shiftIds')
  if (ids !== null) {
    return ok(
      namedDays(call, ids, 'shift')
        .flatMap((day) => shiftsBy(call, day, ids))
        .map(shiftPayload),
    )
  }
  const window = windowOf(call, 'startDate', 'endDate')
  if (window === null)
    throw new Refused(400, 'EITHER shiftIds OR (startDate and endDate) is required')
  const wanted = daysOf(call, window, { before: 2, after: 1 })
    .flatMap((day) => shiftsBy(call, day, null))
    .filter(({ inAt, outAt }) => inAt >= window.from && outAt < window.until)
  return ok(wanted.map(shiftPayload))
}

function shiftsBy({ world, restaurant, now }: RestaurantCall, day: number, ids: Ids): Shift[] {
  return shiftsOf(world, restaurant, { day, now }).filter(
    ({ guid, vanished }) => !vanished && (ids === null || ids.has(guid)),
  )
}

/** Selectors differ in whether archived entries show; missed breaks show only when asked for. */
function timeEntries(call: RestaurantCall): Answer {
  const { world, restaurant } = call
  const missedBreaks = flagParam(call, 'includeMissedBreaks')
  return ok(
    selectedEntries(call).map((entry) =>
      timeEntryPayload(world, restaurant.index, { entry, missedBreaks }),
    ),
  )
}

function selectedEntries(call: RestaurantCall): TimeEntry[] {
  const ids = idsOf(call, 'timeEntryIds')
  if (ids !== null) {
    return namedDays(call, ids, 'timeEntry')
      .flatMap((day) => entriesBy(call, day))
      .filter(({ guid }) => ids.has(guid))
  }
  const day = dateParam(call, 'businessDate')
  if (day !== null) {
    return [day, day + 1]
      .flatMap((each) => entriesBy(call, each))
      .filter((entry) => entry.businessDay === day && entry.deletedAt === null)
  }
  const modified = windowOf(call, 'modifiedStartDate', 'modifiedEndDate')
  if (modified !== null) {
    return daysOf(call, modified, { before: laborBounds.daysAfter + 1, after: 2 })
      .flatMap((each) => entriesBy(call, each))
      .filter(({ modifiedAt }) => modified.from <= modifiedAt && modifiedAt < modified.until)
  }
  const worked = windowOf(call, 'startDate', 'endDate')
  if (worked === null) {
    throw new Refused(400, 'EITHER (startDate and endDate) OR businessDate is required')
  }
  const archived = flagParam(call, 'includeArchived')
  return daysOf(call, worked, { before: 1, after: 2 })
    .flatMap((each) => entriesBy(call, each))
    .filter(({ inAt }) => worked.from <= inAt && inAt < worked.until)
    .filter(({ deletedAt }) => archived || deletedAt === null)
}

function entriesBy({ world, restaurant, now }: RestaurantCall, day: number): TimeEntry[] {
  return timeEntriesOf(world, restaurant, { day, now })
}

type Ids = ReadonlySet<string> | null
type Window = { from: number; until: number }

function idsOf(call: RestaurantCall, name: string): Ids {
  const ids = params(call, name).flatMap((value) => value.split(','))
  if (ids.length === 0) return null
  if (ids.length > idsMax) throw new Refused(400, `At most ${idsMax} ${name} are allowed`)
  return new Set(ids)
}

function windowOf(call: RestaurantCall, start: string, end: string): Window | null {
  const from = instantParam(call, start)
  const until = instantParam(call, end)
  if (from === null && until === null) return null
  if (from === null || until === null)
    throw new Refused(400, `${start} and ${end} are both required`)
  if (from >= until) throw new Refused(400, `Input ${start} must be before ${end}`)
  if (until - from > windowDaysMax * dayMs) {
    throw new Refused(
      400,
      `The time between ${start} and ${end} must not exceed ${windowDaysMax} days`,
    )
  }
  return { from, until }
}

/** The days whose shifts and entries can lie in a window. */
function daysOf(
  { restaurant }: RestaurantCall,
  { from, until }: Window,
  margin: { before: number; after: number },
): number[] {
  const first = businessDay(restaurant, from) - margin.before
  const last = businessDay(restaurant, until) + margin.after
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** The days that guids name; a guid of another restaurant or kind names none. */
function namedDays(
  { world, restaurant }: RestaurantCall,
  ids: ReadonlySet<string>,
  kind: 'shift' | 'timeEntry',
): number[] {
  const days = [...ids].flatMap((guid) => {
    const named = world.guids.read(guid)
    return named?.kind === kind && named.restaurant === restaurant.index ? [named.day] : []
  })
  return [...new Set(days)]
}
