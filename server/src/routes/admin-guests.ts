import { type Refusal, refuse } from '@regulars/contract/refusals'
import { toWireInstant } from '@regulars/contract/values/instants'
import { adminSupportGift, adminSupportGifting } from '@regulars/contract/wire/admin-gifting'
import {
  adminBanGuest,
  adminDeleteGuest,
  adminGuestInfo,
  adminUnbanGuest,
} from '@regulars/contract/wire/admin-guests'
import type { RequestOf } from '@regulars/contract/wire/operation'
import { banGuest, unbanGuest } from '../actions/ban-guest.ts'
import { readGuest } from '../actions/change-guest.ts'
import { eraseGuest } from '../actions/erase-guest.ts'
import { giftGuest } from '../actions/gift-guest.ts'
import { normaliseIdentifier } from '../actions/identify-guest.ts'
import type { Deps } from '../deps.ts'
import { accountBalanceReply } from '../replies/account-reply.ts'
import { findByIdentifier } from '../store/identifiers.ts'
import { type Caller, ok, type Route, route } from './call.ts'

export const adminGuestRoutes: readonly Route[] = [
  route(adminSupportGift, async (deps, { caller, request }) => {
    const given = await give(deps, caller, request)
    return given.kind === 'refused' ? given : { kind: 'reply', status: 201, body: {} }
  }),

  // Done before it is acknowledged, which nobody is worse off for.
  route(adminSupportGifting, async (deps, { caller, request }) => {
    const given = await give(deps, caller, request)
    return given.kind === 'refused' ? given : { kind: 'reply', status: 202, body: null }
  }),

  route(adminBanGuest, async (deps, { caller, request }) => {
    const { user_id: guestId, reason, ban_all_associated_devices: devices = false } = request
    const banned = await banGuest(deps, { ...caller, guestId, reason, devices })
    return banned.kind === 'refused' ? banned : { kind: 'reply', status: 202, body: null }
  }),

  route(adminUnbanGuest, async (deps, { caller, request }) => {
    const unbanned = await unbanGuest(deps, { ...caller, guestId: request.user_id })
    return unbanned.kind === 'refused' ? unbanned : ok(null)
  }),

  route(adminDeleteGuest, async (deps, { caller, request }) => {
    const erased = await eraseGuest(deps, { ...caller, guestId: request.user_id })
    return erased.kind === 'refused' ? erased : ok({})
  }),

  route(adminGuestInfo, async (deps, { caller, request }) => {
    const guestId = await guestIdOf(deps, caller, request)
    if (guestId === null) return refuse('user_not_found')
    if (typeof guestId === 'object') return guestId
    const facts = await readGuest(deps, { ...caller, guestId })
    if (facts === null || facts.state.guest.status === 'deleted') return refuse('user_not_found')
    const { guest, account } = facts.state
    return ok({
      user_id: guest.guestId,
      email: guest.email,
      phone: guest.phone,
      first_name: guest.firstName,
      last_name: guest.lastName,
      birthday: guest.profile.birthday ?? null,
      banned: guest.status === 'banned',
      ban_reason: guest.profile.banReason ?? null,
      account_balance: accountBalanceReply(facts),
      created_at: toWireInstant(account.joinedAt),
      updated_at: toWireInstant(account.lastActivityAt),
    })
  }),
]

type GiftRequest = RequestOf<typeof adminSupportGifting> &
  Pick<RequestOf<typeof adminSupportGift>, 'fuel_amount'>

function give(deps: Deps, { businessId }: Caller['admin_key'], request: GiftRequest) {
  return giftGuest(deps, {
    businessId,
    guestId: request.user_id,
    count: request.gift_count ?? null,
    currencyCents: request.reward_amount ?? null,
    fuelCents: request.fuel_amount ?? null,
    redeemableId: request.redeemable_id ?? null,
    endDate: request.end_date ?? null,
    reason: request.gift_reason ?? 'Support Activity',
    locationId: request.location_id ?? null,
    resetsActivity: request.reset_guest_last_activity ?? false,
  })
}

async function guestIdOf(
  deps: Deps,
  { businessId }: Caller['admin_key'],
  { user_id, phone, email }: RequestOf<typeof adminGuestInfo>,
): Promise<number | null | Refusal> {
  if (user_id !== undefined) return user_id
  const kind = phone === undefined ? 'email' : 'phone'
  const sent = phone ?? email
  if (sent === undefined) return refuse('missing_parameter', { name: 'user_id' })
  const value = normaliseIdentifier(kind, sent)
  return findByIdentifier(deps.db, { businessId, kind, value })
}
