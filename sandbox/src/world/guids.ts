import { hash4 } from './random.ts'

/** What a guid names, at most 32 kinds. */
const kinds = [
  'restaurant',
  'managementGroup',
  'config',
  'employee',
  'person',
  'job',
  'shift',
  'scheduleConfig',
  'timeEntry',
  'break',
  'cashEntry',
  'cashDeposit',
  'order',
  'check',
  'selection',
  'payment',
  'discount',
  'charge',
  'tax',
  'refund',
  'customer',
  'curbside',
  'packaging',
  'channel',
  'loyalty',
  'promoCode',
  'itemTag',
  'portion',
  'prepStation',
] as const

export type GuidKind = (typeof kinds)[number]

/** What a guid says of the thing it names; whatever does not apply is 0. */
type Named = {
  kind: GuidKind
  /** Index of the restaurant; `sharedByAll` for what several restaurants have in common. */
  restaurant: number
  /** Day number since 1970. */
  day: number
  /** At most 8191. */
  slot: number
  /** At most 16383. */
  part: number
}

export type Guids = {
  of(kind: GuidKind, restaurant: number, day: number, slot: number, part: number): string
  /** Null for a guid this world never gave out. */
  read(guid: string): Named | null
}

export const sharedByAll = 4095

/** 1 January 2015: earlier days are never part of a guid. */
const dayMin = 16_436
const guidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const hex4: readonly string[] = Array.from({ length: 65_536 }, (_, value) =>
  value.toString(16).padStart(4, '0'),
)

/**
 * Guids that look random and say where their thing is found again, so that an order of any day can
 * be asked for by its guid although no list of guids is kept. 64 bits are a hash of the name, 58
 * the name itself, hidden under a second hash.
 */
export function guidsOf(seed: number): Guids {
  const kept = new Map<number, string>()
  return {
    of: (kind, restaurant, day, slot, part) => {
      const high = (kinds.indexOf(kind) << 25) | (restaurant << 13) | slot
      if (day !== 0) return written(seed, high, ((day - dayMin) << 14) | part)
      // What has no day is configuration or staff: few things, named in every line of every order.
      const key = high * 16_384 + part
      let guid = kept.get(key)
      if (guid === undefined) {
        guid = written(seed, high, part)
        if (kept.size >= keptMax) kept.clear()
        kept.set(key, guid)
      }
      return guid
    },
    read: (guid) => readGuid(seed, guid),
  }
}

const keptMax = 300_000

function written(seed: number, high: number, low: number): string {
  const first = hash4(seed, high, low, 1)
  const last = hash4(seed, low, high, 2)
  const hiddenHigh = (high ^ hash4(seed, first, last, 3)) & 0x3fffffff
  const hiddenLow = (low ^ hash4(seed, first, last, 4)) & 0x0fffffff
  return (
    `${hex(first >>> 16)}${hex(first & 0xffff)}-${hex(hiddenLow >>> 12)}-` +
    `${hex(0x4000 | (hiddenLow & 0xfff))}-${hex(0x8000 | (hiddenHigh >>> 16))}-` +
    `${hex(hiddenHigh & 0xffff)}${hex(last >>> 16)}${hex(last & 0xffff)}`
  )
}

function hex(value: number): string {
  return hex4[value] ?? '0000'
}

function readGuid(seed: number, guid: string): Named | null {
  if (!guidForm.test(guid)) return null
  const first = Number.parseInt(guid.slice(0, 8), 16)
  const last = Number.parseInt(guid.slice(28), 16)
  const hiddenLow = Number.parseInt(guid.slice(9, 13) + guid.slice(15, 18), 16)
  const hiddenHigh = Number.parseInt(guid.slice(19, 23) + guid.slice(24, 28), 16) & 0x3fffffff
  const high = (hiddenHigh ^ hash4(seed, first, last, 3)) & 0x3fffffff
  const low = (hiddenLow ^ hash4(seed, first, last, 4)) & 0x0fffffff
  if (hash4(seed, high, low, 1) !== first || hash4(seed, low, high, 2) !== last) return null
  const kind = kinds[high >>> 25]
  if (kind === undefined) return null
  const days = low >>> 14
  return {
    kind,
    restaurant: (high >>> 13) & 0xfff,
    day: days === 0 ? 0 : days + dayMin,
    slot: high & 0x1fff,
    part: low & 0x3fff,
  }
}
