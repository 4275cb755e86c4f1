import { toWireInstant } from '@regulars/contract/values/instants'
import { adminLocations } from '@regulars/contract/wire/admin-locations'
import { type Location, listLocations } from '../store/callers.ts'
import { ok, type Route, route } from './call.ts'

const perPageUsual = 25

export const adminLocationRoutes: readonly Route[] = [
  route(adminLocations, async (deps, { caller, request }) => {
    const { location_id: locationId, store_number: storeNumber, page, per } = request
    const all = await listLocations(deps.db, caller.businessId)
    const asked = all.filter((one) => {
      if (locationId !== undefined) return one.locationId === locationId
      return storeNumber === undefined || one.storeNumber === storeNumber
    })
    if (page === undefined) return ok(asked.map(locationReply))
    const size = Math.max(1, per ?? perPageUsual)
    const start = (Math.max(1, page) - 1) * size
    return ok(asked.slice(start, start + size).map(locationReply))
  }),
]

/** A store as the list of stores shows it; tags are its groups, which have no numbers here. */
function locationReply({ locationId, storeNumber, zone, redeems, earns, ...location }: Location) {
  const { document, name, tags, updatedAt } = location
  return {
    location_id: locationId,
    name,
    store_number: storeNumber,
    alternate_store_number: document.alternate_store_number ?? null,
    external_store_id: document.external_store_id ?? null,
    address: document.address ?? null,
    city: document.city ?? null,
    state: document.state ?? null,
    post_code: document.post_code ?? null,
    country: document.country ?? null,
    latitude: textOrNull(document.latitude),
    longitude: textOrNull(document.longitude),
    phone_number: document.phone_number ?? null,
    time_zone: zone,
    store_tags: tags.length === 0 ? null : tags.join(','),
    status: earns ? 'approved' : 'disapproved',
    location_groups: [],
    multiple_redemption_on_location: redeems,
    updated_at: toWireInstant(updatedAt),
  }
}

function textOrNull(degrees: number | undefined): string | null {
  return degrees === undefined ? null : String(degrees)
}
