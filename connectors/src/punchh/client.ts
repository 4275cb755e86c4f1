import manifest from '../../package.json' with { type: 'json' }
import { parsedJson } from '../parsed-json.ts'
import type { Place } from './places.ts'

/** Stores that are read at a time. */
export const locationsAtOnce = 4

/**
 * Ten failed logins within ten minutes block an address for an hour. A run ends with this many, of
 * whatever location: the calls then under way may fail too, and that makes nine at most.
 */
export const failedLoginsMax = 6
export const failedLoginsMinutes = 10

/** A key that was refused is not shown again for so long: somebody may have let it in meanwhile. */
export const refusedKeyHours = 4

export const exportPageRows = 5_000

export const paths = {
  /** The settings of one location. */
  locationConfiguration: '/api/pos/locations/configuration',
  /** The program of the location's business: the same for every location of it. */
  program: '/api/pos/meta',
  /** A Regulars server's own, one path below it for each stream. */
  exports: '/regulars/export',
} as const

/** The headers of a GET: a till's keys, or for an export the admin key. */
export function headersFor(path: string, place: Place): Record<string, string> {
  const common = {
    accept: 'application/json',
    'user-agent': `Regulars/Middleware/${manifest.version}`,
  }
  if (path.startsWith(paths.exports)) {
    return { ...common, authorization: `Bearer ${place.adminKey}` }
  }
  return {
    ...common,
    authorization: `Token token=${place.locationKey}, btoken=${place.businessKey}`,
    // Sent empty, as published: names come as the business wrote them.
    'accept-language': '',
  }
}

const errorTextMax = 300

/** The first text under the members that Punchh's errors have, which differ by operation. */
export function errorText(body: string): string {
  return (firstText(parsedJson(body)) ?? '').slice(0, errorTextMax)
}

function firstText(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return firstText(value[0])
  if (typeof value !== 'object' || value === null) return null
  const members = value as Record<string, unknown>
  const inside = members.error ?? members.errors ?? members.message ?? Object.values(members)[0]
  return inside === undefined ? null : firstText(inside)
}
