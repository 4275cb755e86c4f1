import manifest from '../../package.json' with { type: 'json' }
import { isMembers, type Members } from './coerce.ts'
import type { ExportStream } from './exported.ts'

/** One GET. `path` is the URL's, for a person: it names no key. */
export type PunchhRequest = {
  url: string
  path: string
  headers: Readonly<Record<string, string>>
}

/** What proves a location: its own key and its business's. */
export type LocationKeys = { locationKey: string; businessKey: string }

/** The longest wait for a reply, as the example connector has it. */
export const replyMsMax = 30_000

/**
 * Ten failed logins within ten minutes block an address for an hour. A run ends before that with
 * this many, of whatever location: two are left for the tills behind the same address.
 */
export const failedLogins = { max: 8, withinMs: 10 * 60_000 } as const

export const exportPageRows = 5_000

/** The settings of one location. */
export function locationConfigurationRequest(baseUrl: string, keys: LocationKeys): PunchhRequest {
  return request(baseUrl, '/api/pos/locations/configuration', tillHeaders(keys))
}

/** The program of the location's business: the same for every location of it. */
export function programRequest(baseUrl: string, keys: LocationKeys): PunchhRequest {
  return request(baseUrl, '/api/pos/meta', tillHeaders(keys))
}

/** A page of a Regulars server's export, after a cursor; null is the start. */
export function exportRequest(
  baseUrl: string,
  {
    adminKey,
    stream,
    after,
    limit = exportPageRows,
  }: { adminKey: string; stream: ExportStream; after: string | null; limit?: number },
): PunchhRequest {
  const query = new URLSearchParams({
    limit: String(limit),
    ...(after === null ? {} : { after }),
  })
  const made = request(baseUrl, `/regulars/export/${stream}`, {
    authorization: `Bearer ${adminKey}`,
  })
  return { ...made, url: `${made.url}?${query}` }
}

function request(
  baseUrl: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): PunchhRequest {
  return {
    url: baseUrl.replace(/\/+$/, '') + path,
    path,
    headers: {
      accept: 'application/json',
      'user-agent': `Regulars/Middleware/${manifest.version}`,
      ...headers,
    },
  }
}

// The language is sent empty, as published: names come as the business wrote them.
function tillHeaders({ locationKey, businessKey }: LocationKeys): Record<string, string> {
  return {
    authorization: `Token token=${locationKey}, btoken=${businessKey}`,
    'accept-language': '',
  }
}

/**
 * What a reply means to the run.
 *
 * | kind | what to do |
 * |---|---|
 * | read | store it |
 * | unauthorized | stop this location or stream at once, never ask again; count a failed login |
 * | busy | wait and ask again, within the run's bounds |
 * | restart | a Regulars server was restored: export the stream from its start |
 * | refused | stop this location or stream; asking again would not help |
 */
export type Understood =
  | { kind: 'read'; value: Members }
  | { kind: 'unauthorized' | 'busy' | 'restart' | 'refused'; reason: string }

/** Understands a whole reply. `reason` is for a person; it holds none of `secrets`. */
export function understandReply(
  { status, body }: { status: number; body: string },
  secrets: readonly string[],
): Understood {
  const said = (reason: string) => masked(reason, secrets)
  if (status === 200) return readObject(body)
  const reason = said(`${status} ${errorText(body)}`.trim())
  if (status === 401 || status === 403) return { kind: 'unauthorized', reason }
  if (status === 408 || status === 429 || status >= 500) return { kind: 'busy', reason }
  if (status === 410) return { kind: 'restart', reason }
  return { kind: 'refused', reason }
}

// Cut short on its way, a reply is no JSON; asked again it may be whole.
function readObject(body: string): Understood {
  const value = parsed(body)
  if (isMembers(value) && Object.keys(value).length > 0) return { kind: 'read', value }
  if (body.trim() === '') return { kind: 'refused', reason: 'an empty reply with status 200' }
  if (value === undefined) return { kind: 'busy', reason: 'a reply that is no JSON' }
  return { kind: 'refused', reason: 'a reply that holds no object' }
}

/** A page of an export; null when an object is none. */
export function readExportPage(
  value: Members,
): { rows: readonly unknown[]; next: string; more: boolean } | null {
  const { rows, next, more } = value
  if (!Array.isArray(rows) || typeof next !== 'string' || next === '') return null
  return typeof more === 'boolean' ? { rows, next, more } : null
}

const errorTextMax = 300

/** The first text under the members that Punchh's errors have, which differ by operation. */
function errorText(body: string): string {
  return (firstText(parsed(body)) ?? '').slice(0, errorTextMax)
}

function firstText(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return firstText(value[0])
  if (!isMembers(value)) return null
  const inside = value.error ?? value.errors ?? value.message ?? Object.values(value)[0]
  return inside === undefined ? null : firstText(inside)
}

function masked(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (left, secret) => (secret === '' ? left : left.replaceAll(secret, '****')),
    text,
  )
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
