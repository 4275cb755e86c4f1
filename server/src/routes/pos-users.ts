import { refuse } from '@regulars/contract/refusals'
import type { RequestOf } from '@regulars/contract/wire/operation'
import {
  posCreateUser,
  posFindUser,
  posSearchUsers,
  posUserBalance,
} from '@regulars/contract/wire/pos-users'
import type { Facts } from '../actions/change-guest.ts'
import { existingGuest, type FoundGuest, findGuest, searchGuest } from '../actions/find-guest.ts'
import { signUpAtTill } from '../actions/sign-up-at-till.ts'
import { emailOf, nothingSelected, posFullGuestReply } from '../replies/guest-reply.ts'
import {
  programBalance,
  subscriptionsReply,
  subscriptionUsage,
} from '../replies/program-balance.ts'
import type { Profile } from '../store/guest-state.ts'
import { ok, type Route, route } from './call.ts'

export const posUserRoutes: readonly Route[] = [
  route(posCreateUser, async (deps, { caller, request, language }) => {
    const made = await signUpAtTill(deps, {
      businessId: caller.businessId,
      email: request.email ?? null,
      phone: request.phone ?? null,
      cardNumber: request.card_number ?? null,
      firstName: request.first_name ?? null,
      lastName: request.last_name ?? null,
      profile: profileFrom(request),
    })
    if ('kind' in made) return made
    return ok({
      ...posFullGuestReply(made, language),
      selected_card_number: null,
      selected_discount_amount: null,
      selected_reward_id: null,
      selected_redeemable_id: null,
    })
  }),

  route(posSearchUsers, async (deps, { caller, request, language }) => {
    // What the last of the identifiers is refused with is all that is published for none at all.
    if (Object.keys(request).length === 0) return refuse('short_code_invalid')
    const found = await searchGuest(deps, caller.location, request)
    if (found.kind === 'refused') return found
    const { facts, shown } = found
    return ok({
      ...posFullGuestReply(facts, language),
      ...nothingSelected,
      converted_category_balances: [],
      payment_mode: shown.payment?.type ?? null,
      selected_tip_amount: shown.payment?.tip ?? null,
      ...(shown.singleScanCode === null ? {} : { single_scan_code: shown.singleScanCode }),
      subscriptions: subscriptionsReply(facts, language),
    })
  }),

  route(posFindUser, async (deps, { caller, request }) => {
    const { lookup_field: field, lookup_value: value } = request
    const found = await findGuest(deps, caller.location, { field, value })
    return found.kind === 'refused' ? found : ok(findReply(found))
  }),

  route(posUserBalance, async (deps, { caller, request }) => {
    const kinds = request.discount_type ?? []
    if (kinds.some((kind) => kind.toLowerCase() !== 'subscription')) {
      const problem = 'only subscription is known here'
      return refuse('invalid_parameter', { name: 'discount_type', problem })
    }
    const guestId = request.user_id
    const guest = await existingGuest(deps, { businessId: caller.businessId, guestId })
    if (guest.kind === 'refused') return guest
    return ok({
      account_balance: programBalance(guest.facts),
      subscriptions: kinds.length === 0 ? [] : subscriptionUsage(guest.facts),
    })
  }),
]

function profileFrom(request: RequestOf<typeof posCreateUser>): Profile {
  const agrees = request.terms_and_conditions ?? false
  const sent: { [Name in keyof Profile]: Profile[Name] | undefined } = {
    birthday: request.birthday,
    gender: request.gender?.toLowerCase(),
    addressLine1: request.address_line1,
    city: request.city,
    state: request.state,
    zipCode: request.zip_code,
    favouriteLocations: request.favourite_locations,
    marketingEmail: request.marketing_email_subscription,
    termsAndConditions: request.terms_and_conditions,
    // As published, text messages are wanted only by who agreed to the terms as well.
    sms:
      request.send_compliance_sms === undefined ? undefined : request.send_compliance_sms && agrees,
    ageVerified: request.age_verified_status,
    signupChannel: request.signup_channel ?? 'POS',
  }
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined))
}

function findReply({ facts, shown }: FoundGuest) {
  const { guest } = facts.state
  const owner = lockOwner(facts)
  return {
    user_id: guest.guestId,
    business_id: guest.businessId,
    phone: guest.phone,
    email: emailOf(guest),
    first_name: guest.firstName ?? '',
    last_name: guest.lastName ?? '',
    payment_mode: shown.payment?.type ?? null,
    selected_card_number: null,
    loyalty_cards: [guest.profile.cardNumber ?? null],
    selected_tip_amount: Number(shown.payment?.tip ?? 0),
    external_uid: owner,
    locked: owner !== null,
  }
}

function lockOwner({ state, catalog }: Facts): string | null {
  return catalog.counter.locking.enabled ? (state.basket?.lock?.owner ?? null) : null
}
