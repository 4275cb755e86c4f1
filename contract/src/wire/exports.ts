import { type TSchema, Type } from 'typebox'
import { integer, text } from './fields.ts'
import { nullable, type Operation, wireMoment } from './operation.ts'

/** The most rows that one page of an export may ask for, and how many it has otherwise. */
export const exportPage = { rowsMax: 5_000, rowsByDefault: 1_000 } as const

const decimal = (description?: string) =>
  Type.Number(description === undefined ? {} : { description })
const id = (description?: string) => Type.Integer(description === undefined ? {} : { description })
const words = (description: string) => Type.String({ description })
const day = Type.String({ format: 'date' })
const optionalText = nullable(Type.String())
const optionalMoment = nullable(wireMoment)
const optionalFlag = nullable(Type.Boolean())
const pointsOrDecimal = 'Currency and fuel in decimals, points and visits whole.'

const business = Type.Object({
  business_id: id(),
  external_id: words("The business's id in its program file."),
  name: Type.String(),
  time_zone: words('An IANA name; of every location without one of its own.'),
  currency: nullable(words('ISO 4217.')),
  created_at: wireMoment,
})

const location = Type.Object({
  location_id: id(),
  external_id: words("The location's id in the program file."),
  name: Type.String(),
  store_number: Type.String(),
  time_zone: nullable(words("An IANA name; null is the business's.")),
  address: optionalText,
  city: optionalText,
  state: optionalText,
  post_code: optionalText,
  country: optionalText,
  updated_at: wireMoment,
})

const balance = Type.Object({
  available: decimal(pointsOrDecimal),
  pending: decimal(),
  owed: decimal(),
})

const guest = Type.Object({
  guest_id: id('The `user_id` of other operations.'),
  external_id: nullable(words("The guest's id in the program file that brought them.")),
  status: words('active, banned, deactivated, or deleted: then everything personal is null.'),
  email: optionalText,
  phone: optionalText,
  first_name: optionalText,
  last_name: optionalText,
  card_number: optionalText,
  birthday: optionalText,
  anniversary: optionalText,
  gender: optionalText,
  title: optionalText,
  address: optionalText,
  city: optionalText,
  state: optionalText,
  zip_code: optionalText,
  preferred_locale: optionalText,
  favourite_locations: optionalText,
  secondary_email: optionalText,
  email_verified: optionalFlag,
  phone_verified: optionalFlag,
  marketing_email: optionalFlag,
  marketing_push: optionalFlag,
  sms: optionalFlag,
  terms_and_conditions: optionalFlag,
  privacy_policy: optionalFlag,
  age_verified: optionalFlag,
  signup_channel: optionalText,
  external_source: optionalText,
  external_source_id: optionalText,
  ban_reason: optionalText,
  joined_at: wireMoment,
  last_activity_at: wireMoment,
  tier_id: nullable(id()),
  tier_since: optionalMoment,
  balances: Type.Object({ points: balance, visits: balance, currency: balance, fuel: balance }),
})

const checkin = Type.Object({
  checkin_id: id(),
  guest_id: id(),
  location_id: id(),
  kind: words('pos, online_order, barcode, qrcode, or visit: recorded without earning.'),
  state: words('pending, approved or void.'),
  external_uid: optionalText,
  punchh_key: optionalText,
  business_date: day,
  transaction_no: optionalText,
  channel: optionalText,
  receipt_at: wireMoment,
  approves_at: optionalMoment,
  approved_at: optionalMoment,
  not_counted: nullable(words('below_minimum or too_many_receipts; null when it counts.')),
  eligible_amount: decimal(),
  subtotal_amount: decimal(),
  points: id(),
  visits: id(),
  tier_id: nullable(id('The tier it was earned in.')),
  created_at: wireMoment,
})

const line = Type.Object({
  serial_number: optionalText,
  item_name: Type.String(),
  item_qty: decimal(),
  amount: decimal('Of the whole quantity.'),
  item_type: Type.String(),
  item_id: Type.String(),
  item_family: Type.String(),
  item_group: Type.String(),
})

const sale = {
  transaction_no: optionalText,
  receipt_at: wireMoment,
  subtotal_amount: decimal(),
  receipt_amount: decimal(),
  payable: nullable(decimal()),
  channel: optionalText,
  revenue_id: optionalText,
  revenue_code: optionalText,
  employee_id: optionalText,
  employee_name: optionalText,
}

const receipt = Type.Object({
  receipt_id: id('The same in every version of one receipt.'),
  version_no: id('From 1. A receipt comes again with each version; only the newest is sent.'),
  location_id: id(),
  punchh_key: Type.String(),
  business_date: day,
  vendor_transaction_no: optionalText,
  void: Type.Boolean(),
  test: Type.Boolean(),
  posted_at: wireMoment,
  ...sale,
  lines: Type.Array(line),
})

const itemLine = Type.Object({
  line: id("The line's place on the check, from 0."),
  item_id: Type.String(),
  item_qty: decimal('How much of the line was discounted.'),
  amount: decimal("The line's share of the discount."),
})

const redemptionItem = Type.Object({
  redemption_id: id(),
  discount_basket_item_id: id(),
  discount_type: Type.String(),
  discount_id: optionalText,
  discount_amount: decimal(),
  state: words('honored or voided.'),
  redeemed_at: wireMoment,
  voided_at: optionalMoment,
  lines: Type.Array(itemLine),
})

const redemption = Type.Object({
  redemption_ref: Type.String(),
  guest_id: id(),
  location_id: id(),
  external_uid: optionalText,
  state: words('committed or voided.'),
  committed_at: wireMoment,
  voided_at: optionalMoment,
  ...sale,
  items: Type.Array(redemptionItem),
})

const ledgerEntry = Type.Object({
  guest_id: id(),
  seq: id("The entry's place in the guest's ledger, from 1."),
  unit: words('points, visits, currency or fuel.'),
  from: words('The account the amount left.'),
  to: words('The account it reached.'),
  amount: decimal(pointsOrDecimal),
  lot_no: id('The lot it came in with or was taken from.'),
  cause: words('What made the entry, such as checkin or redemption.'),
  cause_id: id('The id of what made it.'),
  due_at: wireMoment,
  recorded_at: wireMoment,
})

const operations = {
  businesses: exportOperation('businesses', 'the business', business),
  locations: exportOperation('locations', 'locations', location),
  guests: exportOperation('guests', 'guests with their balances', guest),
  checkins: exportOperation('checkins', 'check-ins', checkin),
  receipts: exportOperation('receipts', 'receipts with their lines', receipt),
  redemptions: exportOperation('redemptions', 'redemptions with their items', redemption),
  ledgerEntries: exportOperation('ledger-entries', 'ledger entries', ledgerEntry),
}

export const {
  businesses: exportBusinesses,
  locations: exportLocations,
  guests: exportGuests,
  checkins: exportCheckins,
  receipts: exportReceipts,
  redemptions: exportRedemptions,
  ledgerEntries: exportLedgerEntries,
} = operations

/** Everything a warehouse keeps, row by row, in the order of its last change. Ours. */
export const exportOperations: readonly Operation[] = Object.values(operations)

/**
 * One stream of rows. A row that changes comes again, as it then is; a reader that keeps `next` and
 * sends it as `after`, at once or a year later, ends up with every row as it is.
 */
function exportOperation<const Name extends string, Row extends TSchema>(
  stream: Name,
  what: string,
  row: Row,
) {
  return {
    name: `export-${stream}`,
    method: 'GET',
    path: `/regulars/export/${stream}`,
    surface: 'ours',
    auth: 'admin_key',
    summary: `Export ${what}, the earliest changed first`,
    request: Type.Object({
      after: Type.Optional(
        text({
          description: 'The `next` of an earlier page of this stream; without it, the start.',
        }),
      ),
      limit: Type.Optional(
        integer({
          description: `At most so many rows: ${exportPage.rowsByDefault} when it is not sent, never more than ${exportPage.rowsMax}. A page of large rows has fewer.`,
        }),
      ),
    }),
    replies: {
      200: Type.Object({
        rows: Type.Array(row),
        next: Type.String({
          description: 'What to send as `after` next time. It does not expire.',
        }),
        more: Type.Boolean({ description: 'True when the next page has rows already.' }),
      }),
    },
    refusals: ['export_cursor_lost'],
  } as const satisfies Operation
}
