import { toWireInstant } from '@regulars/contract/values/instants'
import type { Facts } from '../actions/change-guest.ts'
import type { Location } from '../store/callers.ts'
import { emailOf } from './guest-reply.ts'

/**
 * What the account surfaces show of a guest beside balances. Referrals, social sign-in and
 * communication preferences we do not keep are empty, null or false.
 */
function profileReply({ state, catalog }: Facts, locations: readonly Location[]) {
  const { guest, account } = state
  const { profile } = guest
  const favourites = favouriteLocations(profile.favouriteLocations, locations)
  return {
    email: emailOf(guest),
    first_name: guest.firstName ?? '',
    last_name: guest.lastName ?? '',
    phone: guest.phone,
    gender: profile.gender ?? null,
    title: profile.title ?? null,
    birthday: profile.birthday ?? null,
    anniversary: profile.anniversary ?? null,
    city: profile.city ?? null,
    state: profile.state ?? null,
    zip_code: profile.zipCode ?? null,
    avatar_remote_url: null,
    fb_uid: null,
    email_verified: profile.emailVerified ?? false,
    favourite_locations: favourites.map(({ locationId }) => locationId).join(','),
    favourite_store_numbers: favourites.map(({ storeNumber }) => storeNumber).join(','),
    marketing_email_subscription: profile.marketingEmail ?? false,
    marketing_pn_subscription: profile.marketingPush ?? false,
    sms_subscription: profile.sms ?? false,
    terms_and_conditions: profile.termsAndConditions ?? false,
    migrate_status: false,
    profile_field_answers: profile.profileFieldAnswers ?? {},
    referral_code: '',
    referral_path: '',
    secondary_email: profile.secondaryEmail ?? null,
    communicable_email: guest.email,
    user_as_barcode: String(guest.guestId),
    user_as_qrcode: `PUNCHH${guest.guestId}PUNCHH`,
    user_code: `P${guest.guestId}`,
    user_relations: [],
    preferred_locale: profile.preferredLocale ?? catalog.languages[0] ?? 'en',
    user_joined_at: toWireInstant(account.joinedAt),
    created_at: toWireInstant(account.joinedAt),
    updated_at: toWireInstant(account.lastActivityAt),
  }
}

function favouriteLocations(ids: string | undefined, locations: readonly Location[]): Location[] {
  const wanted = new Set((ids ?? '').split(',').map((id) => id.trim()))
  return locations.filter(({ locationId }) => wanted.has(String(locationId)))
}

/** The guest and its tokens as online ordering shows them. */
export function onlineGuestReply(
  facts: Facts,
  locations: readonly Location[],
  tokens: { accessToken: string; authenticationToken: string },
) {
  const { guest } = facts.state
  return {
    id: guest.guestId,
    user_id: guest.guestId,
    ...profileReply(facts, locations),
    address_line1: guest.profile.addressLine1 ?? null,
    work_zip_code: null,
    mindbody_client_id: null,
    authentication_token: tokens.authenticationToken,
    access_token: tokens.accessToken,
    allow_multiple: false,
    allow_push_notifications: false,
    wants_menu_notifications: false,
    email_unsubscribe: false,
    passcode_configured: false,
    facebook_signup: false,
  }
}

/** The guest and its tokens as the app shows them. */
export function mobileSignedInReply(
  facts: Facts,
  locations: readonly Location[],
  tokens: { accessToken: string; refreshToken: string },
) {
  const { guest } = facts.state
  return {
    access_token: {
      token: tokens.accessToken,
      seconds_to_expire: null,
      revoked_at: null,
      refresh_token: tokens.refreshToken,
      scopes: [],
    },
    user: {
      user_id: guest.guestId,
      ...profileReply(facts, locations),
      address: guest.profile.addressLine1 ?? null,
      facebook_signup: null,
      apple_signup: null,
      apple_uid: null,
      has_generated_fb_email: false,
      passcode_configured_for_giftcards: false,
      superuser: false,
      verification_mode: null,
      apple_pass_url: null,
      google_pass_url: null,
      account_created_at: null,
    },
  }
}
