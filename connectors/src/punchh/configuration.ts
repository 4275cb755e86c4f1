import { type FieldPolicy, policyProblems, readFields } from '../field-policy.ts'
import { isMembers, type Members } from './coerce.ts'
import { punchhTables } from './tables.ts'

/** What a sync of Punchh reads. */
export type PunchhConfiguration = {
  /** Without a slash at its end; may have a path. */
  baseUrl: string
  businesses: readonly PunchhBusiness[]
  fields: FieldPolicy
}

/** One business with the keys of its locations. Keys are for headers, never for rows or messages. */
export type PunchhBusiness = {
  /** Null where none was given: then it is `business_name` of the first reply. */
  label: string | null
  businessKey: string | null
  /** With one the business is on a Regulars server, whose export is read too. */
  adminKey: string | null
  /** Where the admin key stands in the configuration. */
  adminKeyMember: string | null
  locations: readonly PunchhLocation[]
}

/** `member` is where the location stands in the configuration, for messages. */
export type PunchhLocation = { member: string; locationKey: string }

export type PunchhConfigurationReading =
  | { kind: 'read'; configuration: PunchhConfiguration }
  | { kind: 'refused'; problems: readonly string[] }

/** More locations than any brand has: a file beyond this is a mistake. */
const locationsMax = 20_000

const topMembers = [
  'base_url',
  'location_key',
  'business_key',
  'business',
  'admin_key',
  'locations',
  'businesses',
  'fields',
]
const locationMembers = ['location_key', 'business_key', 'business']
const businessMembers = ['business', 'business_key', 'admin_key']

/** What stands in for a member of the top that the file leaves out. */
const variables = {
  base_url: 'PUNCHH_BASE_URL',
  location_key: 'PUNCHH_LOCATION_KEY',
  business_key: 'PUNCHH_BUSINESS_KEY',
  business: 'PUNCHH_BUSINESS',
  admin_key: 'PUNCHH_ADMIN_KEY',
} as const

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads a configuration: the example connector's `{base_url, location_key, business_key}`; or
 * `locations`, each with its key and, where they differ, its business's key and label. `businesses`
 * gives a business's label and admin key by its `business_key`; `business` and `admin_key` at the
 * top are those of the one business the file is about. A key or a name is text, or `{"env": "NAME"}`
 * for that of an environment variable.
 *
 * Refused with every problem at once, each naming its member. No message holds a key.
 */
export function readPunchhConfiguration(
  json: unknown,
  env: Environment,
): PunchhConfigurationReading {
  if (!isMembers(json)) {
    return { kind: 'refused', problems: ['The configuration must be a JSON object.'] }
  }
  const problems: string[] = []
  const known = topMembers
  const top = new MembersReader(withVariables(json, env), { at: '', problems, env, known })
  const baseUrl = baseUrlOf(top)
  const given = {
    businessKey: top.key('business_key'),
    label: top.label('business'),
    adminKey: top.key('admin_key'),
  }
  const listed = top.list('businesses', businessMembers).map((one) => ({
    member: one.at,
    businessKey: one.key('business_key') ?? given.businessKey,
    label: one.label('business'),
    adminKey: one.key('admin_key'),
    location: null,
  }))
  const locations = locationsOf(top, given)
  const own = oneBusiness(top, given, locations)
  const businesses = grouped([...listed, ...locations], own, problems)
  if (businesses.length === 0) nothingToRead(top)
  labelProblems(businesses, problems)
  const fields = readFields(json.fields, (member, what) => problems.push(`${member}: ${what}`))
  problems.push(...policyProblems(fields, punchhTables))
  if (problems.length > 0) return { kind: 'refused', problems }
  return { kind: 'read', configuration: { baseUrl, businesses, fields } }
}

/** Said where nobody named a store or an admin key, and not where what was named is wrong. */
function nothingToRead(top: MembersReader): void {
  if (['location_key', 'locations', 'admin_key'].some((member) => top.has(member))) return
  const instead = 'or list stores in locations; with an admin_key none is needed'
  top.problem('location_key', `is missing; set it, or ${variables.location_key}, ${instead}.`)
  if (!top.has('business_key')) businessKeyMissing(top)
}

function businessKeyMissing(top: MembersReader): void {
  top.problem('business_key', `is missing; set it, or ${variables.business_key}.`)
}

/** Every key of a configuration, for messages to be rid of. */
export function secretsOf({ businesses }: PunchhConfiguration): string[] {
  const keys = businesses.flatMap(({ businessKey, adminKey, locations }) => [
    businessKey,
    adminKey,
    ...locations.map(({ locationKey }) => locationKey),
  ])
  return keys.filter((key) => key !== null)
}

function withVariables(json: Members, env: Environment): Members {
  const given = Object.entries(variables).flatMap(([member, name]) => {
    const value = env[name]
    return value === undefined || value === '' ? [] : [[member, value] as const]
  })
  const set = Object.entries(json).filter(([, value]) => !isBlank(value))
  return { ...Object.fromEntries(given), ...Object.fromEntries(set) }
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

function baseUrlOf(top: MembersReader): string {
  const text = top.text('base_url')
  if (text === null) {
    if (!top.has('base_url')) {
      top.problem('base_url', `is missing; set it, or ${variables.base_url}.`)
    }
    return ''
  }
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    top.problem('base_url', 'must be a URL such as https://SERVER_NAME.punchh.com.')
  } else if (url.username !== '' || url.password !== '' || /[?#]/.test(text)) {
    top.problem('base_url', 'must hold a host and a path only.')
  }
  return text.replace(/\/+$/, '')
}

type Known = { businessKey: string | null; label: string | null; adminKey: string | null }

/** One mention of a business, with or without a location of it. */
type Mention = Known & { member: string; location: PunchhLocation | null }

function locationsOf(top: MembersReader, known: Known): Mention[] {
  const alone = top.key('location_key')
  const listed = top.list('locations', locationMembers)
  if (top.has('locations') && listed.length === 0) {
    top.problem('locations', 'has none; add a store, or leave it out.')
  }
  if (listed.length > locationsMax) {
    top.problem('locations', `has more than ${locationsMax}; use several configurations.`)
  }
  const mentions = listed.map((one): Mention => {
    const locationKey = one.key('location_key')
    if (!one.has('location_key')) {
      one.problem('location_key', 'is missing; set it, as text or as {"env": "NAME"}.')
    }
    const businessKey = one.key('business_key') ?? known.businessKey
    if (businessKey === null && !one.has('business_key')) {
      one.problem('business_key', 'is missing; set it here, or at the top for all.')
    }
    const location = locationKey === null ? null : { member: one.at, locationKey }
    return { member: one.at, businessKey, label: one.label('business'), adminKey: null, location }
  })
  if (top.has('location_key') && !top.has('business_key')) businessKeyMissing(top)
  if (alone === null) return mentions
  const location = { member: 'location_key', locationKey: alone }
  return [{ ...known, member: 'location_key', location, adminKey: null }, ...mentions]
}

/**
 * What the top says without a `business_key` is of the business that all locations are of; where they
 * are of several, nobody knows of which.
 */
function oneBusiness(top: MembersReader, known: Known, locations: readonly Mention[]): Known {
  if (known.businessKey !== null || top.has('business_key')) return known
  const members = ['business', 'admin_key'].filter((member) => top.has(member))
  const [businessKey = null, ...others] = new Set(
    locations.flatMap((location) => location.businessKey ?? []),
  )
  if (members.length === 0 || others.length === 0) return { ...known, businessKey }
  for (const member of members) {
    top.problem(
      member,
      'the locations are of several businesses; add its business_key, or move it into businesses.',
    )
  }
  return { businessKey: null, label: null, adminKey: null }
}

/** Businesses by their keys; what the top says is of the one business, where there is one. */
function grouped(mentions: readonly Mention[], known: Known, problems: string[]): PunchhBusiness[] {
  const byKey = new Map<string, PunchhBusiness>()
  const seen = new Map<string, string>()
  const own: Mention = { ...known, member: 'business', location: null }
  const isWhole =
    known.adminKey !== null || mentions.some((one) => one.businessKey === own.businessKey)
  for (const mention of isWhole ? [own, ...mentions] : mentions) {
    const { member, businessKey, label, adminKey, location } = mention
    // A business that is only exported needs no key for tills.
    const name = businessKey ?? adminKey ?? ''
    const before = byKey.get(name)
    if (before && before.label !== null && label !== null && before.label !== label) {
      problems.push(
        `${member}: the business has two labels, ${before.label} and ${label}; keep one.`,
      )
    }
    if (before && before.adminKey !== null && adminKey !== null && before.adminKey !== adminKey) {
      problems.push(`${member}: the business has two admin keys; keep one.`)
    }
    const earlier = location === null ? undefined : seen.get(location.locationKey)
    if (earlier !== undefined) {
      problems.push(`${member}: has the same location_key as ${earlier}; remove one.`)
    }
    if (location !== null) seen.set(location.locationKey, member)
    byKey.set(name, {
      label: before?.label ?? label,
      businessKey,
      adminKey: before?.adminKey ?? adminKey,
      adminKeyMember:
        before?.adminKeyMember ?? (adminKey === null ? null : adminKeyMemberOf(mention)),
      locations: [...(before?.locations ?? []), ...(location === null ? [] : [location])],
    })
  }
  return [...byKey.values()].filter(({ locations, adminKey }) => locations.length > 0 || adminKey)
}

/** The mention of the business that the top is about has no member of its own. */
function adminKeyMemberOf({ member }: Mention): string {
  return member.startsWith('businesses') ? `${member}.admin_key` : 'admin_key'
}

function labelProblems(businesses: readonly PunchhBusiness[], problems: string[]): void {
  const keys = new Set(
    businesses.flatMap(({ businessKey, adminKey, locations }) => [
      businessKey,
      adminKey,
      ...locations.map(({ locationKey }) => locationKey),
    ]),
  )
  const labels = new Set<string>()
  for (const { label, locations } of businesses) {
    const isKey = label !== null && keys.has(label)
    if (isKey) problems.push('business: must not be a key; it is written in every row.')
    else if (label !== null && labels.has(label)) {
      problems.push(`business: ${label} is the label of two businesses; give each its own.`)
    }
    if (label !== null) labels.add(label)
    if (label === null && locations.length === 0) {
      {
        const said = `is missing; set it, or ${variables.business}`
        problems.push(`business: ${said}: a business without a store needs a label.`)
      }
    }
  }
}

/** Reads members one by one and notes what is wrong with them under their full names. */
class MembersReader {
  readonly at: string
  readonly #source: Members
  readonly #problems: string[]
  readonly #env: Environment

  constructor(
    source: Members,
    {
      at,
      problems,
      env,
      known,
    }: { at: string; problems: string[]; env: Environment; known: readonly string[] },
  ) {
    this.at = at
    this.#source = source
    this.#problems = problems
    this.#env = env
    for (const name of Object.keys(source)) {
      if (!known.includes(name)) {
        this.problem(name, 'there is no such member; remove it, or mend its spelling.')
      }
    }
  }

  problem(name: string, what: string): void {
    this.#problems.push(`${this.at === '' ? name : `${this.at}.${name}`}: ${what}`)
  }

  has(name: string): boolean {
    return !isBlank(this.#source[name])
  }

  text(name: string): string | null {
    const value = this.#source[name]
    if (isBlank(value)) return null
    if (typeof value === 'string') return value.trim()
    const variable = isMembers(value) && Object.keys(value).join() === 'env' ? value.env : null
    if (typeof variable !== 'string') {
      this.problem(name, 'must be text, or {"env": "NAME"}.')
      return null
    }
    const set = this.#env[variable]?.trim() ?? ''
    if (set !== '') return set
    this.problem(name, `the environment variable ${variable} is not set; set it, or name another.`)
    return null
  }

  /** A key as it stands in a header: no blanks, quotes, commas or anything beyond ASCII. */
  key(name: string): string | null {
    const text = this.text(name)
    if (text === null) return null
    if (/^<.*>$/.test(text)) {
      this.problem(name, 'is still the placeholder; put the key in its place.')
      return null
    }
    if (/^[!#-+\--:<-~]{1,512}$/.test(text)) return text
    this.problem(name, 'is no key; copy it again, without blanks and quotes.')
    return null
  }

  label(name: string): string | null {
    const text = this.text(name)
    if (text === null || (text.length <= 200 && !/\p{Cc}/u.test(text))) return text
    this.problem(name, 'must be a name in one line, of 200 characters at most.')
    return null
  }

  list(name: string, known: readonly string[]): MembersReader[] {
    const value = this.#source[name]
    if (isBlank(value)) return []
    if (!Array.isArray(value)) {
      this.problem(name, 'must be a list.')
      return []
    }
    return value.flatMap((one: unknown, index) => {
      const at = `${name}[${index}]`
      if (isMembers(one)) {
        return [new MembersReader(one, { at, problems: this.#problems, env: this.#env, known })]
      }
      this.#problems.push(`${at}: must be an object.`)
      return []
    })
  }
}
