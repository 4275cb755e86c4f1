import { createHash } from 'node:crypto'
import type { Missing } from '../destination.ts'
import type { Location } from '../source.ts'
import type { PunchhBusiness, PunchhConfiguration, PunchhLocation } from './configuration.ts'

/**
 * What the run calls a location: a store with its keys, or a business with its admin key. `label`
 * is the business's, which rows are kept under.
 */
export type Place = {
  id: string
  label: string
  /** Where it stands in the configuration, for messages. */
  member: string
  locationKey: string | null
  businessKey: string | null
  adminKey: string | null
  /** Stores whose keys its business's program may be read with; empty where it is not read. */
  programStores: readonly PunchhLocation[]
}

/** Every store and business of a configuration whose businesses have labels. */
export function placesOf({ businesses }: Pick<PunchhConfiguration, 'businesses'>): Place[] {
  return businesses.flatMap((business) => [
    ...business.locations.map(({ member, locationKey }, index) => ({
      ...placeOf(business, member),
      // The first store is known by the program: its history goes on with another key.
      id: `${labelOf(business)}/${index === 0 ? 'program' : fingerprint(locationKey)}`,
      locationKey,
      programStores: index === 0 ? business.locations : [],
    })),
    ...(business.adminKey === null ? [] : [exportOf(business)]),
  ])
}

function exportOf(business: PunchhBusiness): Place {
  const { adminKey, adminKeyMember } = business
  return { ...placeOf(business, adminKeyMember ?? 'admin_key'), adminKey }
}

function placeOf(business: PunchhBusiness, member: string): Place {
  const label = labelOf(business)
  const { businessKey } = business
  return {
    id: label,
    label,
    member,
    locationKey: null,
    businessKey,
    adminKey: null,
    programStores: [],
  }
}

function labelOf({ label }: PunchhBusiness): string {
  if (label === null) throw new Error('a business has its label before it has places')
  return label
}

/** Tells keys apart in what is stored, which must not hold them. */
export function fingerprint(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 12)
}

/**
 * The stores of each business that are no longer configured. `read` are those whose settings this
 * sync read, by place: as long as one of a business's is not among them, a store that is stored may
 * be that one, and nothing of the business is missing.
 */
export function storesMissing(
  places: Iterable<Place>,
  read: ReadonlyMap<string, string>,
): Missing[] {
  const stores = [...places].filter(({ locationKey }) => locationKey !== null)
  return [...Map.groupBy(stores, ({ label }) => label)].flatMap(([location, own]) => {
    const keep = own.flatMap(({ id }) => read.get(id) ?? [])
    if (keep.length < own.length) return []
    return [{ table: 'location_configuration', location, within: [], keep }]
  })
}

/**
 * A place as the run knows it, with the store's name once it is known. Punchh's data is by the
 * instant: no business day is asked for.
 */
export function locationOf({ id, label, member, adminKey }: Place, name: string | null): Location {
  const whole = adminKey === null ? `${label}: ${name ?? member}` : label
  return { id, label: whole, timeZone: 'UTC', closeoutHour: 0, firstBusinessDate: null, member }
}
