import { readDate, readInstant } from '../world/instants.ts'
import type { Restaurant } from '../world/restaurants.ts'
import type { World } from '../world/world.ts'
import { type Answer, Refused } from './answer.ts'

/** A request that was let in. */
export type Call = {
  world: World
  /** The instant the world stands at. */
  now: number
  scopes: ReadonlySet<string>
  account: 'partner' | 'group'
  params: Readonly<Record<string, string>>
  query: Readonly<Record<string, string | string[]>>
  /** Path and query as sent. */
  url: string
  /** Scheme and host the client used. */
  origin: string
  body: unknown
}

/** A request about one restaurant that may be read. */
export type RestaurantCall = Call & { restaurant: Restaurant }

type Route = {
  method: 'GET' | 'POST'
  path: string
  /** Needed in the token; null for none. */
  scope: string | null
  /** What its rate limit counts under, with a smaller limit of its own where there is one. */
  api: string
  limit?: 'ordersBulk' | 'menus'
}

export type AccountEndpoint = Route & { about: 'account'; answer: (call: Call) => Answer }

/** Needs the restaurant header. */
export type RestaurantEndpoint = Route & {
  about: 'restaurant'
  answer: (call: RestaurantCall) => Answer
}

export type Endpoint = AccountEndpoint | RestaurantEndpoint

/** The one value of a parameter, or null. */
export function param({ query }: Call, name: string): string | null {
  const value = query[name]
  return (Array.isArray(value) ? value.at(-1) : value) ?? null
}

/** Every value of a repeatable parameter. */
export function params({ query }: Call, name: string): string[] {
  const value = query[name]
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

/** Refuses what is no instant: also a `+` that was not encoded and arrived as a space. */
export function instantParam(call: Call, name: string): number | null {
  const text = param(call, name)
  if (text === null) return null
  const instant = readInstant(text)
  if (instant === null) throw new Refused(400, `${name} is not a valid ISO 8601 date time`)
  return instant
}

export function dateParam(call: Call, name: string): number | null {
  const text = param(call, name)
  if (text === null) return null
  const day = readDate(text)
  if (day === null) throw new Refused(400, `${name} must be in yyyyMMdd format`)
  return day
}

/** A whole number within bounds; refused outside them. */
export function countParam(
  call: Call,
  {
    name,
    least,
    most,
    otherwise,
  }: { name: string; least: number; most: number; otherwise: number },
): number {
  const text = param(call, name)
  if (text === null) return otherwise
  const count = Number(text)
  if (!Number.isInteger(count) || count < least || count > most) {
    throw new Refused(400, `${name} must be between ${least} and ${most}`)
  }
  return count
}

export function flagParam(call: Call, name: string): boolean {
  return param(call, name)?.toLowerCase() === 'true'
}
