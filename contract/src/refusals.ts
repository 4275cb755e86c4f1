/**
 * Every expected "no" of the counter, once: its status, its published text and what can be done.
 *
 * `text` is exact where it is published (`{name}` stands for a fact); `published: false` marks a
 * text or status of ours. Where one operation words or numbers a refusal differently, that stands
 * beside the operation in `wire/refusal-replies.ts`.
 */
export const refusals = {
  // The call itself.
  missing_user_agent: own(
    400,
    'fix-request',
    'A User-Agent header is required, for example IntegratorName/POS/1.0.',
  ),
  malformed_request: own(400, 'fix-request', '{problem}'),
  missing_parameter: said(
    400,
    'fix-request',
    'Required parameter missing or the value is empty: {name}',
  ),
  invalid_parameter: own(400, 'fix-request', 'Invalid value for {name}: {problem}'),
  request_too_large: own(413, 'fix-request', 'The request is larger than {limit}.'),
  unknown_path: own(404, 'fix-request', 'There is no {method} {path} here. See /docs.'),
  unsupported_media_type: own(415, 'fix-request', 'Send the body as application/json.'),
  invalid_location_key: said(401, 'check-keys', 'Invalid Location Key'),
  unknown_client: said(
    401,
    'check-keys',
    'Client ID is incorrect. Please check client param or contact us.',
  ),
  invalid_signature: said(412, 'check-keys', 'Invalid Signature'),
  invalid_access_token: said(
    401,
    'sign-in',
    'An active access token must be used to query information about the current user.',
  ),
  admin_unauthorized: said(401, 'check-keys', 'You need to sign in or sign up before continuing.'),
  address_blocked: own(
    429,
    'retry-later',
    'Too many failed authentications. Try again after {until}.',
  ),
  unsupported_language: said(
    400,
    'fix-request',
    'Unknown/Invalid locale in Accept-Language Header. Supported locales are {locales}.',
  ),
  try_again: own(
    503,
    'retry-later',
    'Another request changed this guest at the same moment. Send the same request again.',
  ),

  busy: own(
    503,
    'retry-later',
    'Too many guests are signing in at this moment. Send the same request again.',
  ),

  // Guests.
  user_not_found: said(404, 'identify-guest', 'User not found'),
  guest_banned_basket: said(
    422,
    'stop',
    'Guest is not allowed to select/unselect from basket as he/she is banned or deactivated from the Loyalty program',
  ),
  guest_banned: said(
    422,
    'stop',
    'Guest is not allowed to earn/redeem as he/she is banned or deactivated from the Loyalty program',
  ),
  guest_banned_code: said(
    422,
    'stop',
    'This guest has been banned or deactivated from the loyalty program',
  ),
  invalid_single_scan_code: said(404, 'scan-again', 'Invalid or Expired Single Scan Code'),
  short_code_invalid: said(400, 'scan-again', 'drive_thru_code required or Invalid code'),
  short_code_length: said(400, 'scan-again', 'Invalid drive_thru_code length'),
  short_code_not_found: said(404, 'scan-again', 'CODE_NOT_FOUND'),
  short_code_expired: said(410, 'scan-again', 'CODE_EXPIRED'),
  identifier_taken: own(422, 'fix-request', '{name} has already been taken'),
  too_young: own(400, 'stop', 'A guest must be at least {years} years old to sign up.'),
  password_too_short: own(422, 'fix-request', 'A password has at least {length} characters.'),
  password_confirmation: own(422, 'fix-request', 'The password and its confirmation differ.'),
  device_already_shared: said(
    422,
    'stop',
    'Device already shared with maximum number of guests allowed.',
  ),
  invalid_email_password: said(422, 'sign-in', 'Sorry, Invalid Email/Password.'),
  incorrect_information: said(401, 'sign-in', 'Incorrect information submitted. Please retry.'),

  // The business's configuration.
  location_not_found: own(422, 'fix-request', 'There is no store {storeNumber} in this business.'),
  feature_disabled: said(
    422,
    'stop',
    'Your current loyalty program configuration does not support this feature. Please connect with your Customer Success representative for resolution of the issue.',
  ),
  invalid_business_configuration: said(
    422,
    'stop',
    'Invalid Business Configuration. Please connect with your Customer Success representative for resolution of the issue.',
  ),
  location_feature_disabled: said(
    422,
    'stop',
    'This feature is currently turned off for this location. Please reach out to the Punchh Support team for more information.',
  ),
  short_code_location: said(
    422,
    'fix-request',
    'While requesting for short code, Location Id is mandatory.',
  ),
  invalid_payment_type: said(422, 'fix-request', 'Invalid Payment Type'),
  drive_thru_disabled: said(422, 'stop', 'Drive-thru feature not enabled'),

  // The basket.
  basket_locked: said(
    422,
    'retry-later',
    'Unable to access the user’s Discount Basket, the Basket is currently locked',
  ),
  no_active_basket: said(404, 'select-discounts', 'User does not have an active basket'),
  no_basket_found: said(422, 'select-discounts', 'No Basket found'),
  no_valid_basket: said(422, 'check-external-uid', 'Unable to find valid discount basket'),
  items_not_found: said(422, 'refresh-basket', 'Discount Items not found with any given ids'),
  already_taken: said(
    422,
    'refresh-basket',
    'Discount basket items have already been taken for the user',
  ),
  same_parameters: said(422, 'fix-request', 'Same parameters provided multiple times'),
  unknown_discount_type: said(
    422,
    'fix-request',
    'Discount type should be card_completion, discount_amount, redemption_code, reward, fuel_reward, redeemable, subscription',
  ),
  invalid_discount_value: said(422, 'fix-request', 'Invalid Discount Value'),
  max_redemption_amount: said(422, 'choose-another', 'Max Redemption Amount has been reached'),
  single_subscription: said(
    422,
    'choose-another',
    'Cannot add more than one subscription into basket',
  ),
  invalid_code: said(422, 'choose-another', 'Invalid Code'),
  code_not_active: said(422, 'choose-another', 'Coupon/Promo code is not active'),
  code_exhausted: said(
    422,
    'choose-another',
    'The code can not be added, as the campaign has exceeded its usage limit',
  ),
  code_daily_limit: said(
    422,
    'choose-another',
    'This coupon can only be used {times} time(s) per day.',
  ),
  code_mobile_only: said(422, 'choose-another', 'Mobile Coupon/Promo cannot be added into basket'),
  code_busy: said(
    422,
    'retry-later',
    'Another transaction is currently accessing the same code. Please try after some time.',
  ),
  invalid_reward_id: said(422, 'choose-another', 'Invalid Reward ID'),
  invalid_redeemable_id: said(422, 'choose-another', 'Invalid Redeemable ID'),
  invalid_subscription_id: said(422, 'choose-another', 'Invalid Subscription ID'),
  insufficient_balance: said(422, 'choose-another', 'Balance is insufficient to process request'),
  insufficient_cards: said(422, 'choose-another', 'Not enough cards'),
  insufficient_points: said(
    422,
    'choose-another',
    'Points Balance is insufficient to process request',
  ),
  redemption_limit: said(422, 'choose-another', 'Redemption limit reached'),
  category_limit: said(
    422,
    'choose-another',
    'Processing limit for discounts of {acquisition} type has been reached',
  ),
  interoperability: said(422, 'choose-another', 'Interoperability validation failed'),
  restricted_location: said(
    422,
    'choose-another',
    'Unauthorized attempt to redeem a discount at a restricted location',
  ),
  invalid_receipt_amount: said(422, 'fix-request', 'Invalid Receipt Amount'),
  too_many_lines: own(422, 'fix-request', 'A receipt may have at most {limit} lines.'),

  // One item of a batch.
  unknown_discount: said(422, 'choose-another', 'Invalid Reward ID.'),
  discount_used: said(422, 'choose-another', 'Invalid Reward ID.'),
  discount_expired: said(422, 'choose-another', 'The reward you wish to redeem has now expired.'),
  discount_not_started: said(
    422,
    'choose-another',
    'The reward you wish to redeem will be available on {startsAt}.',
  ),
  not_qualified: said(
    422,
    'change-order',
    'Discount qualification on receipt failed for {guestName} at {locationName}.',
  ),
  zero_amount: said(422, 'change-order', 'Redemption not possible since amount is 0.'),
  withheld: own(422, 'change-order', 'Not granted, because another discount of the basket failed.'),

  // Commit, void, check-in, receipt.
  key_reused: own(
    422,
    'new-external-uid',
    'external_uid {externalUid} was used for a different request. Use a new one for a new transaction.',
  ),
  redemption_not_found: said(422, 'refresh-basket', 'No Basket found'),
  checkin_committed: said(
    410,
    'stop',
    'Checkin associated with external_uid {externalUid} has been committed.',
  ),
  coupon_void_window: own(
    422,
    'stop',
    'A coupon or promo can be voided for {hours} hours after its redemption.',
  ),
  checkin_not_found: said(
    417,
    'stop',
    'Checkin associated with external_uid {externalUid} not found',
  ),
  checkin_not_pending: said(
    417,
    'stop',
    'Checkin associated with external_uid {externalUid} has been committed.',
  ),
  receipt_void: own(422, 'stop', 'This check was voided and earns nothing.'),
  receipt_used: said(422, 'stop', 'You cannot use the same receipt more than once.'),
  bar_code_invalid: said(422, 'scan-again', 'This bar code is not valid.'),
  qr_code_invalid: said(422, 'scan-again', 'Invalid QR Code.'),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the dollar sign is part of the text.
  minimum_checkin: said(422, 'stop', 'The minimum checkin amount is ${amount}.'),
  receipt_too_old: said(422, 'stop', 'This receipt is too old to be accepted.'),
  multiple_receipts: said(
    422,
    'retry-later',
    "You aren't allowed to scan multiple receipts in one visit, please try again later.",
  ),
  receipt_awaited: said(
    422,
    'wait',
    "We are looking for your check, but it's taking longer than expected. Once we find it, we'll let you know and add it to your account.",
  ),

  // Advanced Authentication.
  otp_disabled: own(422, 'stop', 'Advanced Authentication is not enabled for this business.'),
  otp_channel_missing: own(
    422,
    'fix-request',
    'A communication channel is missing: send email or phone_number with phone_ext.',
  ),
  otp_method_missing: own(
    422,
    'fix-request',
    'The validation method is missing: send validation_method "otp".',
  ),
  otp_invalid: own(422, 'scan-again', 'The code is not valid or has expired.'),
  otp_too_many: own(429, 'retry-later', 'Too many codes were asked for. Ask again in an hour.'),
  otp_attempts: own(422, 'sign-in', 'Too many attempts with this code. Ask for a new one.'),
  privacy_policy: said(422, 'fix-request', 'Please agree on given privacy policy'),
  terms_and_conditions: own(422, 'fix-request', 'Please agree on given terms and conditions'),
  invalid_refresh_token: own(401, 'sign-in', 'The refresh token is not valid or was already used.'),

  // Ours: practice mode and explanations.
  clock_backwards: own(422, 'fix-request', 'The clock only goes forward; it shows {now}.'),
  explanation_not_found: own(404, 'refresh-basket', 'There is no explanation of {redemptionRef}.'),

  // Ours: exports.
  export_cursor_lost: own(
    410,
    'start-again',
    'This cursor is of a database that was restored or moved since. Export the stream from its start, without after.',
  ),

  // Administration.
  single_entity: said(422, 'fix-request', 'Please specify single entity for gifting.'),
  one_entity: said(422, 'fix-request', 'Please specify any one entity for gifting'),
} as const satisfies Record<string, RefusalDefinition>

export type RefusalCode = keyof typeof refusals

/** What a till can do about a refusal, without understanding its code. */
export type Next =
  | 'fix-request'
  | 'check-keys'
  | 'sign-in'
  | 'identify-guest'
  | 'scan-again'
  | 'select-discounts'
  | 'refresh-basket'
  | 'choose-another'
  | 'change-order'
  | 'check-external-uid'
  | 'new-external-uid'
  | 'retry-later'
  | 'wait'
  | 'start-again'
  | 'stop'

export type RefusalDefinition = { status: number; next: Next; text: string; published: boolean }

export type RefusalFacts = Readonly<Record<string, string | number>>

/** An expected "no". The text is made where it is sent, since surfaces word it differently. */
export type Refusal = { kind: 'refused'; code: RefusalCode; facts: RefusalFacts }

export function refuse(code: RefusalCode, facts: RefusalFacts = {}): Refusal {
  return { kind: 'refused', code, facts }
}

/** Whether sending the same request again can help. */
export function retryHelps(code: RefusalCode): boolean {
  const next: Next = refusals[code].next
  return next === 'retry-later' || next === 'wait'
}

/** Puts facts into a text: `{name}` becomes `facts.name`. */
export function fillText(text: string, facts: RefusalFacts): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole))
}

function said(status: number, next: Next, text: string): RefusalDefinition {
  return { status, next, text, published: true }
}

function own(status: number, next: Next, text: string): RefusalDefinition {
  return { status, next, text, published: false }
}
