import type { ProgramFile } from '@regulars/contract/program-file'
import { assert } from '@regulars/contract/values/assert'
import type { Deps } from './deps.ts'
import { findLocationIds, findProgramGuests } from './store/businesses.ts'

/**
 * One business of a program file as a running counter has it, in the names of the wire: the keys
 * that stand in the file and the numbers the counter gave out.
 */
export type StartedBusiness = {
  id: string
  name: string
  business_key: string
  client: string
  client_secret: string
  admin_key: string
  locations: readonly {
    id: string
    name: string
    location_id: number
    store_number: string
    location_key: string
  }[]
  /** The file's guests. `id` is the number on the wire, `external_id` the file's own key. */
  guests: readonly {
    id: number
    external_id: string
    first_name: string
    last_name: string
    email: string | null
    phone: string | null
    card_number: string | null
    password: string | null
    user_as_qrcode: string
    banned: boolean
  }[]
}

/** Of a program that was applied. Guests that could not be made are left out. */
export async function startedBusiness(
  deps: Deps,
  program: ProgramFile,
  businessId: number,
): Promise<StartedBusiness> {
  const [locationIds, guestIds] = await Promise.all([
    findLocationIds(deps.db, businessId),
    findProgramGuests(deps.db, businessId),
  ])
  const { id, name, business_key, client, client_secret, admin_key } = program.business
  return {
    id,
    name,
    business_key,
    client,
    client_secret,
    admin_key,
    locations: program.locations.map((location) => {
      const locationId = locationIds.get(location.id)
      assert(locationId !== undefined, 'an applied location is stored', { id: location.id })
      return {
        id: location.id,
        name: location.name,
        location_id: locationId,
        store_number: location.store_number,
        location_key: location.location_key,
      }
    }),
    guests: (program.guests ?? []).flatMap((guest) => {
      const guestId = guestIds.get(guest.id)
      if (guestId === undefined) return []
      return {
        id: guestId,
        external_id: guest.id,
        first_name: guest.first_name,
        last_name: guest.last_name,
        email: guest.email ?? null,
        phone: guest.phone ?? null,
        card_number: guest.card_number ?? null,
        password: guest.password ?? null,
        user_as_qrcode: `P${guestId}`,
        banned: guest.banned ?? false,
      }
    }),
  }
}

/** A command to paste that shows a guest's account at a till. Null without a guest to show. */
export function tryOut(url: string, businesses: readonly StartedBusiness[]): string | null {
  for (const business of businesses) {
    const location = business.locations[0]
    const guest = business.guests.find(({ email, banned }) => email !== null && !banned)
    if (location === undefined || guest === undefined) continue
    const keys = `Token token=${location.location_key}, btoken=${business.business_key}`
    return `curl -H 'Authorization: ${keys}' '${url}/api/pos/users/search?email=${guest.email}'`
  }
  return null
}
