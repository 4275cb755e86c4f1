import { Type } from 'typebox'
import { batchResult } from './baskets.ts'
import { checkMembers } from './check-members.ts'
import { onlineGuestCallMembers } from './client.ts'
import { flag, identifier, integer } from './fields.ts'
import { emptyBody, type Operation } from './operation.ts'

const query = Type.Optional(
  flag({ description: 'True previews; false, and leaving it out, commits.' }),
)

// A guest who is not named is reported as `id` here, and only here.
const userId = integer({ reportedAs: 'id' })

const soldCheckMembers = {
  ...checkMembers,
  external_uid: Type.Optional(
    identifier({ description: 'Required where locking is on; makes a commit safe to repeat.' }),
  ),
}

const batchRefusals = [
  'missing_parameter',
  'user_not_found',
  'category_limit',
  'redemption_limit',
  'no_basket_found',
  'insufficient_points',
  'feature_disabled',
  'invalid_receipt_amount',
  'basket_locked',
  'guest_banned',
  'invalid_business_configuration',
  'key_reused',
] as const

const voidRefusals = [
  'missing_parameter',
  'user_not_found',
  'checkin_committed',
  'feature_disabled',
  'redemption_not_found',
  'coupon_void_window',
] as const

const redemptionRef = Type.Object({
  redemption_ref: identifier({ description: 'As the basket or the commit returned it.' }),
})

/** Previews (`query`) or commits the whole basket; 200 even when every item was refused. */
export const posBatchRedemptions = {
  name: 'pos-batch-redemptions',
  method: 'POST',
  path: '/api/pos/batch_redemptions',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Preview or commit the basket of a guest on a check',
  request: Type.Object({
    query,
    user_id: userId,
    ...soldCheckMembers,
    punchh_key: Type.Optional(identifier()),
  }),
  replies: { 200: batchResult },
  refusals: batchRefusals,
} as const satisfies Operation

/** Gives back the whole committed basket. */
export const posVoidBatch = {
  name: 'pos-batch-redemptions-void',
  method: 'DELETE',
  path: '/api/pos/batch_redemptions/{redemption_ref}',
  surface: 'pos',
  auth: 'location_key',
  summary: 'Void a committed basket',
  params: redemptionRef,
  request: Type.Object({ user_id: userId }),
  replies: { 202: emptyBody },
  refusals: voidRefusals,
} as const satisfies Operation

/** Preview or commit for the guest of the bearer token, at the store it names. */
export const onlineBatchRedemptions = {
  name: 'online-batch-redemptions',
  method: 'POST',
  path: '/api/auth/batch_redemptions',
  surface: 'online_ordering',
  auth: 'signed_guest',
  summary: 'Preview or commit the basket of the signed-in guest on an online order',
  request: Type.Object({
    ...onlineGuestCallMembers,
    query,
    store_number: identifier({ description: 'Compared as text; leading zeros count.' }),
    ...soldCheckMembers,
  }),
  replies: { 200: batchResult },
  refusals: [...batchRefusals, 'location_not_found'],
} as const satisfies Operation

/** Void for the guest of the bearer token. */
export const onlineVoidBatch = {
  name: 'online-batch-redemptions-void',
  method: 'DELETE',
  path: '/api/auth/batch_redemptions/{redemption_ref}',
  surface: 'online_ordering',
  auth: 'signed_guest',
  summary: 'Void a committed basket of the signed-in guest',
  params: redemptionRef,
  request: Type.Object({ ...onlineGuestCallMembers }),
  replies: { 202: emptyBody },
  refusals: voidRefusals,
} as const satisfies Operation
