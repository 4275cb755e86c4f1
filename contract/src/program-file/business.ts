import Type from 'typebox'
import {
  apiKey,
  count,
  entry,
  flag,
  languageTag,
  money,
  reference,
  slug,
  text,
  zone,
} from './members.ts'

/** One brand running one loyalty program, and the keys its integrators use. */
export const business = entry(
  {
    id: slug('Your own key for the business. Applying a file again finds the business by it.'),
    name: text('The name shown to guests and tills.', { minLength: 1, maxLength: 255 }),
    time_zone: zone('Where days end: an IANA name such as America/Los_Angeles.'),
    currency: Type.Optional(
      Type.String({
        pattern: '^[A-Z]{3}$',
        looksLike: 'three capital letters such as USD',
        default: 'USD',
        description: 'The ISO 4217 code of a currency with two decimals.',
      }),
    ),
    business_key: apiKey('What tills send as `btoken`; usually a UUID.'),
    client: apiKey(
      'What online ordering and apps send as `client`; usually 64 letters and digits.',
    ),
    client_secret: apiKey('What signs their requests (`x-pch-digest`).'),
    admin_key: apiKey('The bearer key of the administration operations.'),
    languages: Type.Optional(
      Type.Array(languageTag('A language tag.'), {
        minItems: 1,
        default: ['en'],
        description: 'Languages the texts come in. English is what is fallen back to.',
      }),
    ),
    expose_program_structure: Type.Optional(
      flag('Tell tills the three mode flags in the location configuration.', true),
    ),
  },
  'The business.',
)

const trailer = (line: number) =>
  Type.Optional(text(`Line ${line} printed under a receipt.`, { maxLength: 255, default: '' }))

/** One store, its key, and what its tills are told at start-up. */
export const location = entry(
  {
    id: slug('Your own key for the location.'),
    location_id: Type.Optional(
      count('The number it has on the wire. Given out by the server when absent.', { minimum: 1 }),
    ),
    name: text('The name shown.', { minLength: 1, maxLength: 255 }),
    store_number: text('The number the business itself uses, as text: `0604` is not `604`.', {
      minLength: 1,
      maxLength: 64,
    }),
    location_key: apiKey('What its tills send as `token`.'),
    time_zone: Type.Optional(zone("Its own zone; the business's when absent.")),
    tags: Type.Optional(
      Type.Array(text('A tag.', { minLength: 1, maxLength: 64 }), {
        description: 'Groups it belongs to. `tag:<tag>` in an `effective_location` names them all.',
      }),
    ),
    alternate_store_number: Type.Optional(text('Another number for it.', { maxLength: 64 })),
    external_store_id: Type.Optional(text('Its id at the till vendor.', { maxLength: 64 })),
    address: Type.Optional(text('Street and number.')),
    city: Type.Optional(text('City.')),
    state: Type.Optional(text('State or province.')),
    post_code: Type.Optional(text('Postal code.')),
    country: Type.Optional(text('Country.')),
    latitude: Type.Optional(
      Type.Number({ minimum: -90, maximum: 90, description: 'Degrees north.' }),
    ),
    longitude: Type.Optional(
      Type.Number({ minimum: -180, maximum: 180, description: 'Degrees east.' }),
    ),
    phone_number: Type.Optional(text('Telephone.', { maxLength: 32 })),
    checkins_allowed: Type.Optional(flag('Receipts of it earn (status `approved`).', true)),
    multiple_redemption_on_location: Type.Optional(flag('Its tills may redeem baskets.', true)),
    single_scan_enabled: Type.Optional(flag('Its tills accept single scan codes.', true)),
    header: Type.Optional(text('Printed above a receipt.', { maxLength: 255, default: '' })),
    trailer_1: trailer(1),
    trailer_2: trailer(2),
    trailer_3: trailer(3),
    trailer_4: trailer(4),
    trailer_5: trailer(5),
    log_level: Type.Optional(
      count('0 none, 1 system, 2 error, 3 warning, 4 info, 5 requests, 6 requests and replies.', {
        maximum: 6,
        default: 4,
      }),
    ),
    print_barcodes: Type.Optional(flag('Tills print the claim code on receipts.', true)),
    send_to_datasink: Type.Optional(flag('Tills send every closed check.', true)),
    short_key: Type.Optional(
      count('Thirteen bits that tills put into receipt keys. Given out when absent.', {
        minimum: 1,
        maximum: 8191,
      }),
    ),
    update_interval: Type.Optional(
      count('Minutes between two readings of this configuration by a till.', {
        minimum: 1,
        maximum: 10_080,
        default: 60,
      }),
    ),
  },
  'One store.',
)

/** What a guest must be, and gets, at sign-up. */
export const signUp = entry(
  {
    minimum_age_to_signup: Type.Optional(
      count('Younger guests are refused; 0 asks nothing.', { maximum: 120, default: 0 }),
    ),
    autocreate_user_phone: Type.Optional(
      flag('Tills may create a guest from a telephone number alone.', true),
    ),
    gifts: Type.Optional(
      Type.Array(
        entry(
          {
            id: slug('Your own key for the gift.'),
            redeemable: Type.Optional(reference('redeemables', 'A reward of this redeemable.')),
            points: Type.Optional(count('Points.', { minimum: 1 })),
            visits: Type.Optional(count('Visits.', { minimum: 1 })),
            currency: Type.Optional(money('Banked currency.', { minimum: 0.01 })),
          },
          'One gift: exactly one of the four kinds.',
        ),
        { description: 'What every new guest is given.' },
      ),
    ),
  },
  'Signing up.',
)

/** Codes that identify a guest at a till. */
export const singleScan = entry(
  {
    enabled: Type.Optional(flag('Apps may show single scan codes.', true)),
    code_length: Type.Optional(
      count('Characters of a code.', { minimum: 6, maximum: 34, default: 6 }),
    ),
    lifetime_minutes: Type.Optional(
      count('How long a code lasts.', { minimum: 1, maximum: 1_440, default: 10 }),
    ),
  },
  'Single scan codes.',
)

export const driveThru = entry(
  {
    enabled: Type.Optional(flag('Apps may show short codes to say aloud at a drive-thru.', true)),
    code_length: Type.Optional(
      count('Characters of a code.', { minimum: 4, maximum: 8, default: 4 }),
    ),
    lifetime_minutes: Type.Optional(
      count('How long a code lasts.', { minimum: 1, maximum: 1_440, default: 30 }),
    ),
  },
  'Drive-thru codes.',
)

/** Which receipts a guest may claim with a printed code. */
export const claims = entry(
  {
    receipt_age_days: Type.Optional(
      count('Older receipts are refused.', { minimum: 1, maximum: 365, default: 30 }),
    ),
    minimum_amount: Type.Optional(
      money('Receipts under this are refused.', { minimum: 0.01, default: 0.01 }),
    ),
    wait_hours: Type.Optional(
      count('How long a claim waits for a receipt that has not arrived.', {
        minimum: 1,
        maximum: 720,
        default: 72,
      }),
    ),
  },
  'Claiming a receipt in the app.',
)

/** Signing in by a code sent to the guest. */
export const advancedAuthentication = entry(
  {
    enabled: Type.Optional(flag('Guests may sign in by a code.', false)),
    email: Type.Optional(flag('Codes are sent by e-mail.', true)),
    sms: Type.Optional(flag('Codes are sent by SMS.', true)),
    code_length: Type.Optional(count('Digits of a code.', { minimum: 4, maximum: 10, default: 6 })),
    code_minutes: Type.Optional(
      count('How long a code lasts.', { minimum: 1, maximum: 60, default: 10 }),
    ),
    attempts: Type.Optional(
      count('Wrong tries before a code is void.', { minimum: 1, maximum: 20, default: 5 }),
    ),
    access_token_seconds: Type.Optional(
      count('How long an access token lasts.', { minimum: 60, maximum: 86_400, default: 1_800 }),
    ),
    refresh_token_days: Type.Optional(
      count('How long a refresh token lasts.', { minimum: 1, maximum: 365, default: 30 }),
    ),
  },
  'Advanced Authentication.',
)
