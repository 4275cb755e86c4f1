import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { Operation } from '@regulars/contract/wire/operation'
import fc from 'fast-check'
import type { HarborCounter } from './harbor-counter.ts'

/** One request as bytes on the wire, and how it was made, for the report of a failure. */
export type HostileRequest = {
  operation: Operation
  method: Operation['method']
  url: string
  headers: Record<string, string>
  payload: string | Buffer
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Moments no calendar has, or no database takes, or no till means. */
const moments = [
  '0000-00-00T00:00:00Z',
  '2026-02-30T10:00:00Z',
  '2026-11-20T25:61:61Z',
  '2026-11-20T10:00:00+99:99',
  '2026-11-01T01:30:00',
  '2099-12-31T23:59:59.999-12:00',
  '+275760-09-13T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '1970-01-01T00:00:00Z',
  '2000-01-01T00:00:00+14:00',
]

const texts = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udc00',
  '\u202egnp.exe',
  '💥👩‍👩‍👧',
  'é'.repeat(300),
  'z'.repeat(5_000),
  "'; drop table guests; --",
  '" or ""="',
  "' union select client_secret_sealed from businesses --",
  '%00',
  '%',
  '../../../../etc/passwd',
  '{name}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: sent as it stands.
  '${7*7}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  'NaN',
  'Infinity',
  '-0',
  '0x10',
  '1e309',
  '1_000',
  '1,000.00',
  '１２３',
  '9'.repeat(400),
  'true',
  'null',
  '[object Object]',
  'P999999999999999999',
  `${'x'.repeat(300)}@example.com`,
]

const numbers = [
  0,
  -1,
  1.005,
  0.001,
  1e-7,
  2_147_483_648,
  4_294_967_296,
  99_999_999.99,
  100_000_000.01,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 1,
  1e21,
  1e308,
  -1e308,
]

const anyValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, false, [], {}, [[]], [null], [{}], [1, 'a', null]),
  fc.constantFrom<Json>(...texts),
  fc.constantFrom<Json>(...numbers),
  fc.constantFrom<Json>(...moments),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt().map(String),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
)

const trapKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'length',
  'business_id',
  'guest_id',
  'client',
  'authentication_token',
]

/** One change of the members of a request. `place` picks which of its values. */
type Change =
  | { kind: 'replace'; place: number; value: Json }
  | { kind: 'remove'; place: number }
  | { kind: 'wrap'; place: number; depth: number }
  | { kind: 'repeat'; place: number; times: number }
  | { kind: 'trap'; place: number; key: string; value: Json }
  | { kind: 'rename'; place: number; key: string }

const place = fc.nat({ max: 10_000 })
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('replace'), place, value: anyValue }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove'), place }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wrap'),
      place,
      depth: fc.constantFrom(1, 3, 200, 20_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('repeat'),
      place,
      times: fc.constantFrom(2, 500, 3_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('trap'),
      place,
      key: fc.constantFrom(...trapKeys),
      value: anyValue,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('rename'), place, key: fc.constantFrom(...texts) }),
  },
) as fc.Arbitrary<Change>

/** What becomes of the body's bytes after the members are written down. */
type Mangling =
  | { kind: 'none' }
  | { kind: 'cut'; at: number }
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'text'; text: string }
  | { kind: 'pad'; bytes: number }
  | { kind: 'twice' }

const mangling: fc.Arbitrary<Mangling> = fc.oneof(
  { weight: 30, arbitrary: fc.constant<Mangling>({ kind: 'none' }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('bytes' as const),
      bytes: fc.uint8Array({ maxLength: 60 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('text' as const),
      text: fc.constantFrom(
        ...['[]', '[1]', '1', '"{}"', '"\\"x\\""', 'null', 'true', '{', '{"a":}', '\ufeff{}'],
        '{"user_id":1,"user_id":{}}',
        `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('pad' as const),
      bytes: fc.constantFrom(900_000, 1_048_576, 1_200_000),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Mangling>({ kind: 'twice' }) },
)

const headerText = fc.constantFrom(
  '',
  ' ',
  'Bearer',
  'Bearer x y',
  'Token token=, btoken=',
  'Token token="a" btoken="b"',
  'Basic YTpi',
  `Token ${'token=a, '.repeat(500)}`,
  'é',
  'text/plain',
  'application/json; charset=utf-16',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  '*/*',
  'gzip',
  'xx-YY, *;q=0.1',
  'es-US;q=0.9',
  'x'.repeat(2_000),
  '127.0.0.1',
  '::1',
  'explain',
)

const headers = fc.dictionary(
  fc.constantFrom(
    'content-type',
    'accept-language',
    'prefer',
    'authorization',
    'x-pch-digest',
    'user-agent',
    'x_true_client_ip',
    'x-forwarded-for',
    'punchh-app-device-id',
    'id-token',
    'content-encoding',
  ),
  headerText,
  { maxKeys: 2 },
)

/** Everything a hostile request is made from, apart from the counter it is sent to. */
export type Recipe = {
  operation: Operation
  example: number
  guest: number
  changes: Change[]
  mangling: Mangling
  headers: Record<string, string>
  inQuery: boolean
  param: Json | null
}

/** Recipes for these operations: most stay close to a valid request, so that they get far. */
export function recipes(operations: readonly Operation[]): fc.Arbitrary<Recipe> {
  return fc.record({
    operation: fc.constantFrom(...operations),
    example: fc.nat({ max: 100 }),
    guest: fc.nat({ max: 1_000 }),
    changes: fc.array(change, { maxLength: 3 }),
    mangling,
    headers: fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: headers }),
    inQuery: fc.oneof(
      { weight: 6, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    param: fc.oneof(
      { weight: 2, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: anyValue },
    ),
  })
}

/** What a recipe's placeholders stand for on a live counter. */
export type Live = {
  counter: HarborCounter
  /** Replaces members of an example by ones that exist here. */
  adapt: (operation: Operation, members: Json, guest: number) => Json
  params: (operation: Operation, guest: number) => string
  token: (guest: number) => string
}

/** Cooks a recipe: the example with live ids, changed, written down, mangled and then signed. */
export function cook(recipe: Recipe, live: Live): HostileRequest {
  const { operation } = recipe
  const { business, locations } = live.counter.program
  const examples = examplesOf(operation)
  const example = structuredClone(examples[recipe.example % examples.length] ?? {})
  const needsClient = operation.auth.includes('client') || operation.auth === 'signed_guest'
  const adapted = live.adapt(operation, example, recipe.guest)
  const altered = recipe.changes.reduce(applyChange, adapted)
  // Added last, so that most requests get past the door; a trap may still replace it.
  const isObject = typeof altered === 'object' && altered !== null && !Array.isArray(altered)
  const changed: Json = needsClient && isObject ? { client: business.client, ...altered } : altered
  const param = recipe.param === null ? live.params(operation, recipe.guest) : recipe.param
  const path = operation.path.replace(/\{\w+\}/g, () => encoded(param))
  const url = recipe.inQuery ? `${path}?${queryOf(changed)}` : path
  const payload = recipe.inQuery ? '' : mangled(written(changed), recipe.mangling)
  const hash = operation.path.startsWith('/api2/mobile/') ? 'sha256' : 'sha1'
  const digest = createHmac(hash, business.client_secret).update(url).update(payload).digest('hex')
  const keys: Record<Operation['auth'], Record<string, string>> = {
    none: {},
    client: {},
    location_key: {
      authorization: `Token token=${locations[0]?.location_key}, btoken=${business.business_key}`,
    },
    signed_client: { 'x-pch-digest': digest },
    signed_guest: {
      'x-pch-digest': digest,
      authorization: `Bearer ${live.token(recipe.guest)}`,
    },
    admin_key: { authorization: `Bearer ${business.admin_key}` },
  }
  return {
    operation,
    method: operation.method,
    url,
    payload,
    headers: {
      'user-agent': 'RegularsTest/1.0',
      'content-type': 'application/json',
      ...keys[operation.auth],
      ...recipe.headers,
    },
  }
}

const folder = new URL('../../contract/examples/', import.meta.url)
const exampleFiles = readdirSync(folder)
const readExamples = new Map<string, Json[]>()

function examplesOf({ name }: Operation): readonly Json[] {
  const known = readExamples.get(name)
  if (known !== undefined) return known
  const found = exampleFiles
    .filter((file) => file.startsWith(`${name}.request`))
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Json)
  readExamples.set(name, found)
  return found
}

type Slot = {
  get: () => Json
  set: (value: Json) => void
  remove: () => void
  rename: (to: string) => void
}

/** Every value of a document by where it stands, the document itself first. */
function slotsOf(holder: { root: Json }): Slot[] {
  const slots: Slot[] = []
  const visit = (
    get: () => Json,
    set: Slot['set'],
    remove: Slot['remove'],
    rename: Slot['rename'],
  ) => {
    slots.push({ get, set, remove, rename })
    const value = get()
    if (Array.isArray(value)) {
      for (const index of value.keys()) {
        visit(
          () => value[index] as Json,
          (next) => value.splice(index, 1, next),
          () => value.splice(index, 1),
          () => {},
        )
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const key of Object.keys(value)) {
        visit(
          () => value[key] as Json,
          (next) => define(value, key, next),
          () => delete value[key],
          (to) => {
            const moved = value[key] as Json
            delete value[key]
            define(value, to, moved)
          },
        )
      }
    }
  }
  visit(
    () => holder.root,
    (next) => {
      holder.root = next
    },
    () => {
      holder.root = null
    },
    () => {},
  )
  return slots
}

// An own member even when it is called `__proto__`, as JSON.parse makes them.
function define(holder: { [key: string]: Json }, key: string, value: Json): void {
  Object.defineProperty(holder, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

function applyChange(root: Json, change: Change): Json {
  const holder = { root }
  const slots = slotsOf(holder)
  const slot = slots[change.place % slots.length]
  if (slot === undefined) return root
  const value = slot.get()
  switch (change.kind) {
    case 'replace':
      slot.set(structuredClone(change.value))
      break
    case 'remove':
      slot.remove()
      break
    case 'wrap':
      slot.set(`${wrapped} ${change.depth}`)
      break
    case 'repeat':
      slot.set(Array.isArray(value) ? repeated(value, change.times) : [value, value])
      break
    case 'trap':
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        define(value, change.key, structuredClone(change.value))
      }
      break
    case 'rename':
      slot.rename(change.key)
      break
  }
  return holder.root
}

/** Stands for a value so deep that it is written as text, never built. */
const wrapped = 'wrapped so deep'

function repeated(list: Json[], times: number): Json[] {
  return Array.from({ length: times }, (_, index) => list[index % list.length] ?? null)
}

// Only the first is written deep, so that a list of many does not outgrow memory.
function written(value: Json): string {
  const deepMarks = new RegExp(`"${wrapped} (\\d+)"`, 'g')
  let seen = false
  return JSON.stringify(value).replace(deepMarks, (_, depth: string) => {
    const levels = seen ? 1 : Number(depth)
    seen = true
    return '{"a":['.repeat(levels) + ']}'.repeat(levels)
  })
}

function mangled(text: string, mangling: Mangling): string | Buffer {
  switch (mangling.kind) {
    case 'none':
      return text
    case 'cut':
      return text.slice(0, mangling.at % (text.length + 1))
    case 'bytes':
      return Buffer.from(mangling.bytes)
    case 'text':
      return mangling.text
    case 'pad':
      return text + ' '.repeat(Math.max(0, mangling.bytes - Buffer.byteLength(text)))
    case 'twice':
      return JSON.stringify(text)
  }
}

function queryOf(value: Json): string {
  if (typeof value !== 'object' || value === null) return encoded(value)
  return Object.entries(value)
    .map(([key, member]) => `${encoded(key)}=${encoded(member)}`)
    .join('&')
    .slice(0, 12_000)
}

// Half a surrogate pair cannot be percent-encoded; such text is sent as its bytes in UTF-8.
function encoded(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return encodeURIComponent(text.toWellFormed())
}
