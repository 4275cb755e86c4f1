import { describe, expect, test } from 'vitest'
import { type RefusalCode, refusals, refuse, retryHelps } from '../src/refusals.ts'
import { discountTypes } from '../src/wire/baskets.ts'
import type { Surface } from '../src/wire/operation.ts'
import { operations, sandboxOperations } from '../src/wire/operations.ts'
import {
  itemMessage,
  itemRefusalCodes,
  refusalReply,
  refusalsOf,
} from '../src/wire/refusal-replies.ts'

const contactUs =
  'Please connect with your Customer Success representative for resolution of the issue.'

type Row = {
  on: string
  code: RefusalCode
  facts?: Record<string, string | number>
  status: number
  body: unknown
}

const published: Row[] = [
  {
    on: 'pos-discounts-select',
    code: 'missing_parameter',
    facts: { name: 'user_id' },
    status: 400,
    body: { error: 'Required parameter missing or the value is empty: user_id' },
  },
  {
    on: 'pos-batch-redemptions',
    code: 'missing_parameter',
    facts: { name: 'item_qty_0' },
    status: 400,
    body: { error: 'Required parameter missing or the value is empty: item_qty_0' },
  },
  {
    on: 'pos-users-search',
    code: 'user_not_found',
    status: 404,
    body: { error: 'User not found' },
  },
  { on: 'pos-users-balance', code: 'user_not_found', status: 404, body: ['User not found'] },
  {
    on: 'pos-users-search',
    code: 'short_code_length',
    status: 400,
    body: { error: 'Invalid drive_thru_code length' },
  },
  {
    on: 'pos-users-search',
    code: 'short_code_invalid',
    status: 400,
    body: { error: 'drive_thru_code required or Invalid code' },
  },
  {
    on: 'pos-users-search',
    code: 'short_code_not_found',
    status: 404,
    body: { error: 'CODE_NOT_FOUND' },
  },
  {
    on: 'pos-users-search',
    code: 'short_code_expired',
    status: 410,
    body: { error: 'CODE_EXPIRED' },
  },
  {
    on: 'pos-users-find',
    code: 'invalid_single_scan_code',
    status: 404,
    body: { error: 'Invalid or Expired Single Scan Code' },
  },
  {
    on: 'pos-users-find',
    code: 'guest_banned',
    status: 422,
    body: {
      error:
        'Guest is not allowed to earn/redeem as he/she is banned or deactivated from the Loyalty program',
    },
  },
  {
    on: 'pos-discounts-lookup',
    code: 'feature_disabled',
    status: 422,
    body: {
      error: `Your current loyalty program configuration does not support this feature. ${contactUs.slice(0, -1)}`,
    },
  },
  {
    on: 'pos-discounts-active',
    code: 'feature_disabled',
    status: 422,
    body: {
      error: `Your current loyalty program configuration does not support this feature. ${contactUs}`,
    },
  },
  {
    on: 'pos-discounts-lookup',
    code: 'invalid_business_configuration',
    status: 422,
    body: { error: `Invalid Business Configuration. ${contactUs.slice(0, -1)}` },
  },
  {
    on: 'pos-discounts-unlock',
    code: 'no_active_basket',
    status: 422,
    body: { error: 'User does not have an active basket' },
  },
  {
    on: 'pos-discounts-active',
    code: 'no_active_basket',
    status: 404,
    body: { error: 'User does not have an active basket' },
  },
  {
    on: 'pos-discounts-unlock',
    code: 'no_valid_basket',
    status: 422,
    body: { error: 'Unable to find valid discount basket' },
  },
  {
    on: 'pos-discounts-select',
    code: 'basket_locked',
    status: 422,
    body: {
      error: 'Unable to access the user\u2019s Discount Basket, the Basket is currently locked',
    },
  },
  {
    on: 'pos-discounts-select',
    code: 'code_daily_limit',
    facts: { times: 1 },
    status: 422,
    body: { error: 'This coupon can only be used 1 time(s) per day.' },
  },
  {
    on: 'online-discounts-select',
    code: 'code_daily_limit',
    facts: { times: 1 },
    status: 422,
    body: { error: 'This coupon can only be used 1 time(s) per day' },
  },
  {
    on: 'pos-discounts-select',
    code: 'category_limit',
    facts: { acquisition: 'loyalty' },
    status: 422,
    body: { error: 'Processing limit for discounts of loyalty type has been reached' },
  },
  {
    on: 'pos-discounts-select',
    code: 'unknown_discount_type',
    status: 422,
    body: {
      error:
        'Discount type should be card_completion, discount_amount, redemption_code, reward, fuel_reward, redeemable, subscription',
    },
  },
  {
    on: 'pos-batch-redemptions',
    code: 'invalid_receipt_amount',
    status: 422,
    body: { error: 'Invalid Receipt Amount' },
  },
  {
    on: 'pos-batch-redemptions-void',
    code: 'checkin_committed',
    facts: { externalUid: 'wharf-8812' },
    status: 410,
    body: {
      error: {
        message: 'Checkin associated with external_uid wharf-8812 has been committed.',
        code: 'commited',
      },
    },
  },
  {
    on: 'online-batch-redemptions-void',
    code: 'redemption_not_found',
    status: 422,
    body: { error: 'No Basket found' },
  },
  {
    on: 'receipt-details',
    code: 'invalid_location_key',
    status: 401,
    body: ['Invalid LocationKey'],
  },
  {
    on: 'pos-discounts-select',
    code: 'invalid_location_key',
    status: 401,
    body: { error: 'Invalid Location Key' },
  },
  {
    on: 'online-discounts-select',
    code: 'invalid_signature',
    status: 412,
    body: ['Invalid Signature'],
  },
  { on: 'online-customers-create', code: 'invalid_signature', status: 412, body: '' },
  {
    on: 'online-customers-create',
    code: 'device_already_shared',
    status: 422,
    body: { errors: { device_already_shared: ['with maximum number of guests allowed.'] } },
  },
  {
    on: 'online-customers-sign-in',
    code: 'incorrect_information',
    status: 401,
    body: { error: 'Incorrect information submitted. Please retry.' },
  },
  {
    on: 'online-checkins-void',
    code: 'checkin_not_found',
    facts: { externalUid: 'web-1' },
    status: 417,
    body: {
      error: { message: 'Checkin associated with external_uid web-1 not found', code: 'not_found' },
    },
  },
  {
    on: 'mobile-users-login',
    code: 'missing_parameter',
    facts: { name: 'email' },
    status: 400,
    body: {
      errors: {
        missing_required_param: ['Required parameter missing or the value is empty: email'],
      },
    },
  },
  {
    on: 'mobile-users-login',
    code: 'unsupported_language',
    facts: { locales: 'en, es' },
    status: 400,
    body: {
      errors: {
        invalid_language: [
          'Unknown/Invalid locale in Accept-Language Header. Supported locales are en, es.',
        ],
      },
    },
  },
  {
    on: 'mobile-users-login',
    code: 'unknown_client',
    status: 401,
    body: {
      errors: {
        unknown_client: ['Client ID is incorrect. Please check client param or contact us.'],
      },
    },
  },
  {
    on: 'mobile-users-login',
    code: 'invalid_email_password',
    status: 422,
    body: { errors: { invalid_email_password: ['Sorry, Invalid Email/Password.'] } },
  },
  {
    on: 'mobile-users-create',
    code: 'device_already_shared',
    status: 422,
    body: {
      errors: {
        device_already_shared: ['Device already shared with maximum number of guests allowed.'],
      },
    },
  },
  {
    on: 'mobile-discounts-active',
    code: 'user_not_found',
    status: 404,
    body: { errors: { base: ['User not found'] } },
  },
  {
    on: 'mobile-checkins-barcode',
    code: 'minimum_checkin',
    facts: { amount: '0.01' },
    status: 422,
    body: { errors: { base: ['The minimum checkin amount is $0.01.'] } },
  },
  {
    on: 'mobile-checkins-barcode',
    code: 'invalid_access_token',
    status: 401,
    body: {
      errors: {
        unauthorized: [
          'An active access token must be used to query information about the current user.',
        ],
      },
    },
  },
  {
    on: 'mobile-checkins-qrcode',
    code: 'invalid_access_token',
    status: 403,
    body: {
      errors: {
        invalid_access_token: [
          'Error: access_token not found or is incorrect! Valid access_token of the user required.',
        ],
      },
    },
  },
  {
    on: 'mobile-single-scan-tokens',
    code: 'unknown_client',
    status: 401,
    body: {
      errors: {
        unknown_client: ['Client ID is incorrect. Please check client param or contact us'],
      },
    },
  },
  {
    on: 'mobile-single-scan-tokens',
    code: 'short_code_location',
    status: 422,
    body: { errors: 'While requesting for short code, Location Id is mandatory.' },
  },
  {
    on: 'mobile-drivethru-code',
    code: 'missing_parameter',
    facts: { name: 'location_id' },
    status: 400,
    body: { errors: { location_id: 'Required parameter missing or the value is empty.' } },
  },
  {
    on: 'mobile-drivethru-code',
    code: 'drive_thru_disabled',
    status: 422,
    body: { errors: 'Drive-thru feature not enabled' },
  },
  {
    on: 'password-less-verify',
    code: 'privacy_policy',
    status: 422,
    body: { errors: { base: ['Please agree on given privacy policy'] } },
  },
  {
    on: 'admin-users-ban',
    code: 'admin_unauthorized',
    status: 401,
    body: { error: 'You need to sign in or sign up before continuing.' },
  },
  {
    on: 'admin-users-support',
    code: 'one_entity',
    status: 422,
    body: { errors: { base: ['Please specify any one entity for gifting'] } },
  },
  {
    on: 'admin-users-support',
    code: 'single_entity',
    status: 422,
    body: { errors: { base: ['Please specify single entity for gifting.'] } },
  },
]

describe('a refusal is worded as published', () => {
  for (const { on, code, facts = {}, status, body } of published) {
    test(`${code} on ${on}`, () => {
      const operation = operations.find(({ name }) => name === on)
      if (operation === undefined) throw new Error(`no operation ${on}`)
      expect(refusalReply(operation, refuse(code, facts))).toEqual({
        status,
        body,
        headers: { 'Regulars-Code': code, 'Regulars-Retry': retryHelps(code) ? 'yes' : 'no' },
      })
    })
  }
})

const codes = Object.keys(refusals) as RefusalCode[]

/** Every place a refusal can be said: an operation with a code of its own or of its surface. */
const places = [...operations, ...sandboxOperations].flatMap((operation) =>
  refusalsOf(operation).map((code) => ({ operation, code })),
)

describe('the list is closed', () => {
  test('every code can be said somewhere, and nothing else is said', () => {
    const said = new Set<string>([...places.map(({ code }) => code), ...itemRefusalCodes])
    expect([...said].sort()).toEqual([...codes].sort())
  })
  test('every code has a reply everywhere it can be said', () => {
    for (const { operation, code } of places) {
      const { status, body } = refusalReply(operation, refuse(code, { name: 'member' }))
      expect(status, `${operation.name} ${code}`).toBeGreaterThanOrEqual(400)
      expect(status, `${operation.name} ${code}`).toBeLessThan(600)
      expect(body, `${operation.name} ${code}`).toBeDefined()
    }
  })
  test('a path that is no operation is refused in the shape of its surface', () => {
    const facts = { method: 'GET', path: '/api/pos/nothing' }
    const text = 'There is no GET /api/pos/nothing here. See /docs.'
    const bodies: Record<Surface, unknown> = {
      pos: { error: text },
      online_ordering: { error: text },
      mobile: { errors: { base: [text] } },
      otp: { errors: { base: [text] } },
      admin: { error: text },
      ours: { error: text },
    }
    for (const [surface, body] of Object.entries(bodies)) {
      expect(refusalReply(surface as Surface, refuse('unknown_path', facts)).body).toEqual(body)
    }
  })
})

describe('an item that was refused', () => {
  test('names what it no longer stands for', () => {
    const texts = discountTypes.map((type) => [type, itemMessage('discount_used', type, {})])
    expect(Object.fromEntries(texts)).toEqual({
      reward: 'Invalid Reward ID.',
      redeemable: 'Invalid Redeemable ID.',
      subscription: 'Invalid Subscription ID.',
      redemption_code: 'Invalid Code.',
      card_completion: 'Not enough cards.',
      discount_amount: 'Balance is insufficient to process request.',
      fuel_reward: 'Balance is insufficient to process request.',
    })
  })
  test('names guest and location when the check does not qualify', () => {
    const facts = { guestName: 'Ana Lee', locationName: 'Harbor Coffee' }
    expect(itemMessage('not_qualified', 'reward', facts)).toBe(
      'Discount qualification on receipt failed for Ana Lee at Harbor Coffee.',
    )
  })
})
