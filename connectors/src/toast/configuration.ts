import { parseLocalInstant } from '@regulars/contract/values/instants'
import { type Fernet, fernetOf } from '../fernet.ts'
import { type FieldPolicy, readFields } from '../field-policy.ts'

/** What a sync of Toast is told. */
export type ToastConfiguration = {
  clientId: string
  clientSecret: string
  userAccessType: string
  /** With no slash at its end; a path in it stays. */
  baseUrl: URL
  /** Milliseconds since 1970. */
  initialSyncStart: number
  /** Keeps the access token between syncs; without keys it is not kept. */
  fernet: Fernet | null
  fields: FieldPolicy
  /** Between two calls for orders of the past. */
  historySpacingSeconds: number
  /** Local hours in which no past is read, `11:00-14:00`. */
  busyHours: readonly BusyHours[]
}

/** Minutes after midnight on the location's wall clock; `before` is not in it. */
export type BusyHours = { from: number; before: number }

export type ReadConfiguration<Configuration> =
  | { kind: 'read'; configuration: Configuration }
  | { kind: 'refused'; problems: readonly string[] }

/** Toast asks for five to ten seconds between calls for history. */
const historySpacingByDefault = 5

const environmentNames = {
  clientId: 'TOAST_CLIENT_ID',
  clientSecret: 'TOAST_CLIENT_SECRET',
  userAccessType: 'TOAST_USER_ACCESS_TYPE',
  domain: 'TOAST_DOMAIN',
  initialSyncStart: 'TOAST_INITIAL_SYNC_START',
  key: 'TOAST_KEY',
} as const

const ownMembers = ['fields', 'historySpacingSeconds', 'busyHours']

/**
 * Reads a configuration file's content, with environment variables in the place of members it does
 * not have. Every problem is named by its member; no value of a secret is repeated.
 */
export function readToastConfiguration(
  content: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): ReadConfiguration<ToastConfiguration> {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return { kind: 'refused', problems: ['The configuration must be a JSON object.'] }
  }
  const given = content as Record<string, unknown>
  const problems: string[] = []
  const say = (member: string, problem: string) => {
    problems.push(`${member}: ${problem}`)
  }
  for (const member of Object.keys(given)) {
    if (!Object.hasOwn(environmentNames, member) && !ownMembers.includes(member)) {
      say(member, 'there is no such member; remove it, or mend its spelling.')
    }
  }
  const memberOf = (member: keyof typeof environmentNames): unknown =>
    isLeftOut(given[member]) ? environment[environmentNames[member]] : given[member]
  const textOf = (member: keyof typeof environmentNames): string => {
    const value = memberOf(member)
    if (typeof value === 'string' && value.trim() !== '') return value.trim()
    const problem = isLeftOut(value) ? 'is missing' : 'must be text'
    say(member, `${problem}; set it, or ${environmentNames[member]}.`)
    return ''
  }
  const configuration: ToastConfiguration = {
    clientId: textOf('clientId'),
    clientSecret: textOf('clientSecret'),
    userAccessType: textOf('userAccessType'),
    baseUrl: readDomain(textOf('domain'), say),
    initialSyncStart: readStart(textOf('initialSyncStart'), say),
    fernet: readKeys(memberOf('key'), say),
    fields: readFields(given.fields, say),
    historySpacingSeconds: readSpacing(given.historySpacingSeconds, say),
    busyHours: readBusyHours(given.busyHours, say),
  }
  return problems.length === 0 ? { kind: 'read', configuration } : { kind: 'refused', problems }
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

type Say = (member: string, problem: string) => void

const nowhere = new URL('https://localhost')

/** A host name, as published, or a whole base URL. */
function readDomain(text: string, say: Say): URL {
  if (text === '') return nowhere
  const url = URL.parse(text.includes('://') ? text : `https://${text}`)
  if (url === null || !['https:', 'http:'].includes(url.protocol) || url.hostname === '') {
    say('domain', 'must be a host such as ws-api.toasttab.com, or a base URL.')
    return nowhere
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    say('domain', 'must hold a host and a path only.')
  }
  url.pathname = url.pathname.replace(/\/+$/, '')
  return url
}

/** Orders are kept by Toast from here on. */
const earliestStart = Date.parse('2015-12-01T00:00:00Z')

function readStart(text: string, say: Say): number {
  if (text === '') return 0
  const read = parseLocalInstant(text)
  if (read === null) {
    say('initialSyncStart', 'must be an instant with its offset, such as 2024-01-01T00:00:00Z.')
    return 0
  }
  return Math.max(read.at, earliestStart)
}

function readKeys(value: unknown, say: Say): Fernet | null {
  if (isLeftOut(value)) return null
  const keys = typeof value === 'string' ? value.split(',') : value
  const isList = Array.isArray(keys) && keys.every((key) => typeof key === 'string')
  const fernet = isList ? fernetOf(keys.map((key: string) => key.trim())) : null
  if (fernet === null) {
    say('key', 'must be a Fernet key (32 bytes in URL-safe base64), or a list of them.')
  }
  return fernet
}

function readSpacing(value: unknown, say: Say): number {
  if (value === undefined) return historySpacingByDefault
  if (typeof value === 'number' && value >= 0 && value <= 60) return value
  say('historySpacingSeconds', 'must be a number of seconds from 0 to 60.')
  return historySpacingByDefault
}

const busyRange = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/

function readBusyHours(value: unknown, say: Say): BusyHours[] {
  if (value === undefined) return []
  const texts = typeof value === 'string' ? value.split(',') : value
  if (!Array.isArray(texts)) {
    say('busyHours', 'must be a list such as ["11:00-14:00", "17:30-21:00"].')
    return []
  }
  return texts.flatMap((text: unknown) => {
    const match = busyRange.exec(String(text).trim())
    if (match === null) {
      say('busyHours', 'each must be two times such as 11:00-14:00, local to the restaurant.')
      return []
    }
    const [from = 0, fromMinute = 0, before = 0, beforeMinute = 0] = match.slice(1).map(Number)
    return [{ from: from * 60 + fromMinute, before: before * 60 + beforeMinute }]
  })
}
