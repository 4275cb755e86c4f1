import {
  fillText,
  type Refusal,
  type RefusalCode,
  type RefusalDefinition,
  type RefusalFacts,
  refusals,
  retryHelps,
} from '../refusals.ts'
import type { DiscountType } from './baskets.ts'
import type { Operation, Surface } from './operation.ts'

/** A "no" as it leaves: `body` is sent as JSON, also when it is a list or text. */
export type RefusalReply = {
  status: number
  body: unknown
  /** Ours: the stable code, and whether sending the same request again can help. */
  headers: { 'Regulars-Code': RefusalCode; 'Regulars-Retry': 'yes' | 'no' }
}

/** What a reply is made from; a surface alone is for a path that stands for no operation. */
export type Place = Pick<Operation, 'name' | 'surface'> | Surface

/** Words a refusal as the operation, or else its surface, publishes it. */
export function refusalReply(place: Place, refusal: Refusal): RefusalReply {
  const { name, surface } = typeof place === 'string' ? { name: '', surface: place } : place
  const { code, facts } = refusal
  const wording = wordings[name]?.[code] ?? surfaceWordings[surface][code] ?? {}
  const definition: RefusalDefinition = refusals[code]
  const status = wording.status ?? definition.status
  const text = fillText(wording.text ?? definition.text, facts)
  const shape = wording.shape ?? surfaceShapes[surface](code, status)
  return { status, body: shape(text, facts), headers: refusalHeaders(code) }
}

function refusalHeaders(code: RefusalCode): RefusalReply['headers'] {
  return { 'Regulars-Code': code, 'Regulars-Retry': retryHelps(code) ? 'yes' : 'no' }
}

/** The sentence in `message` of a basket item that was refused. */
export function itemMessage(
  code: RefusalCode,
  discountType: DiscountType,
  facts: RefusalFacts,
): string {
  if (code === 'unknown_discount' || code === 'discount_used') return `${goneTexts[discountType]}.`
  return fillText(refusals[code].text, facts)
}

/** How an item is named that no longer stands for anything. */
const goneTexts: Record<DiscountType, string> = {
  reward: refusals.invalid_reward_id.text,
  redeemable: refusals.invalid_redeemable_id.text,
  subscription: refusals.invalid_subscription_id.text,
  redemption_code: refusals.invalid_code.text,
  card_completion: refusals.insufficient_cards.text,
  discount_amount: refusals.insufficient_balance.text,
  fuel_reward: refusals.insufficient_balance.text,
}

/** The codes that stand beside the message of a basket item, never for a whole call. */
export const itemRefusalCodes = [
  'unknown_discount',
  'discount_used',
  'discount_expired',
  'discount_not_started',
  'restricted_location',
  'not_qualified',
  'zero_amount',
  'withheld',
] as const satisfies readonly RefusalCode[]

const everywhere = [
  'missing_user_agent',
  'malformed_request',
  'invalid_parameter',
  'request_too_large',
  'too_many_lines',
  'unknown_path',
  'unsupported_media_type',
  'unsupported_language',
  'try_again',
] as const satisfies readonly RefusalCode[]

const signed = [
  'unknown_client',
  'invalid_signature',
  'invalid_access_token',
  'address_blocked',
] as const

/** What any call of a surface can be refused with, whatever it asks for. */
const surfaceRefusals: Readonly<Record<Surface, readonly RefusalCode[]>> = {
  pos: [...everywhere, 'invalid_location_key'],
  online_ordering: [...everywhere, ...signed],
  mobile: [...everywhere, ...signed],
  otp: [...everywhere, 'unknown_client', 'address_blocked'],
  admin: [...everywhere, 'admin_unauthorized', 'address_blocked'],
  ours: [...everywhere, 'admin_unauthorized'],
}

/** Every code an operation can be refused with, its own before those of its surface. */
export function refusalsOf({ refusals: own, surface }: Operation): readonly RefusalCode[] {
  return [...new Set([...own, ...surfaceRefusals[surface]])]
}

type Shape = (text: string, facts: RefusalFacts) => unknown
type Wording = { status?: number; text?: string; shape?: Shape }

const errorText: Shape = (text) => ({ error: text })
const listOfText: Shape = (text) => [text]
const errorsText: Shape = (text) => ({ errors: text })
const errorsUnder =
  (key: string): Shape =>
  (text) => ({ errors: { [key]: [text] } })
const errorsUnderName: Shape = (text, facts) => ({ errors: { [String(facts.name)]: [text] } })
const errorWithCode =
  (code: string): Shape =>
  (text) => ({ error: { message: text, code } })

const mobileKeys: Partial<Record<RefusalCode, string>> = {
  missing_parameter: 'missing_required_param',
  unknown_client: 'unknown_client',
  invalid_signature: 'invalid_signature',
  invalid_email_password: 'invalid_email_password',
  invalid_access_token: 'unauthorized',
  unsupported_language: 'invalid_language',
  device_already_shared: 'device_already_shared',
}

const mobileShape = (code: RefusalCode): Shape => errorsUnder(mobileKeys[code] ?? 'base')

const surfaceShapes: Record<Surface, (code: RefusalCode, status: number) => Shape> = {
  pos: () => errorText,
  online_ordering: () => errorText,
  mobile: mobileShape,
  otp: mobileShape,
  admin: (_code, status) => (status === 422 ? errorsUnder('base') : errorText),
  ours: () => errorText,
}

type Wordings = Partial<Record<RefusalCode, Wording>>

// "commited" is spelled so on the wire.
const committedCheckin: Wording = { shape: errorWithCode('commited') }

const signUpTaken: Wording = { shape: errorsUnderName }

/** Where a whole surface words a refusal differently from `refusals`. */
const surfaceWordings: Record<Surface, Wordings> = {
  pos: { checkin_committed: committedCheckin },
  online_ordering: {
    invalid_signature: { shape: listOfText },
    checkin_committed: committedCheckin,
    checkin_not_pending: committedCheckin,
    checkin_not_found: { shape: errorWithCode('not_found') },
  },
  mobile: {
    invalid_signature: { text: "Signature doesn't match. See /docs." },
    identifier_taken: signUpTaken,
  },
  otp: {},
  admin: {
    feature_disabled: {
      text: 'Your current loyalty program configuration does not support this feature. Please connect with your customer success representative for resolution of the issue.',
    },
  },
  ours: {},
}

const withoutPeriod = (code: RefusalCode): Wording => ({
  text: refusals[code].text.replace(/\.$/, ''),
})

/** Where one operation words a refusal differently from its surface, by the operation's name. */
const wordings: Readonly<Record<string, Wordings>> = {
  'receipt-details': {
    invalid_location_key: { text: 'Invalid LocationKey', shape: listOfText },
  },
  'pos-users-balance': { user_not_found: { shape: listOfText } },
  'pos-discounts-lookup': {
    feature_disabled: withoutPeriod('feature_disabled'),
    invalid_business_configuration: withoutPeriod('invalid_business_configuration'),
  },
  'pos-discounts-unlock': { no_active_basket: { status: 422 } },
  'online-discounts-unlock': { no_active_basket: { status: 422 } },
  'online-discounts-select': { code_daily_limit: withoutPeriod('code_daily_limit') },
  'online-customers-create': {
    invalid_signature: { shape: () => '' },
    device_already_shared: {
      text: 'with maximum number of guests allowed.',
      shape: errorsUnder('device_already_shared'),
    },
    identifier_taken: signUpTaken,
    password_too_short: { shape: errorsUnder('password') },
    password_confirmation: { shape: errorsUnder('password_confirmation') },
  },
  'mobile-single-scan-tokens': {
    missing_parameter: { shape: (text) => ({ errors: { missing_required_param: text } }) },
    unknown_client: { ...withoutPeriod('unknown_client'), shape: errorsUnder('unknown_client') },
    invalid_payment_type: { shape: errorsText },
    location_feature_disabled: { shape: errorsText },
    short_code_location: { shape: errorsText },
    guest_banned_code: { shape: errorsText },
  },
  'mobile-drivethru-code': {
    missing_parameter: {
      text: 'Required parameter missing or the value is empty.',
      shape: (text, facts) => ({ errors: { [String(facts.name)]: text } }),
    },
    drive_thru_disabled: { shape: errorsText },
    guest_banned_code: { shape: errorsText },
  },
  'mobile-checkins-qrcode': {
    invalid_access_token: {
      status: 403,
      text: 'Error: access_token not found or is incorrect! Valid access_token of the user required.',
      shape: errorsUnder('invalid_access_token'),
    },
  },
}
