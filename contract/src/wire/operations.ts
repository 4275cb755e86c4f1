import { adminSupportGift, adminSupportGifting } from './admin-gifting.ts'
import { adminBanGuest, adminDeleteGuest, adminGuestInfo, adminUnbanGuest } from './admin-guests.ts'
import { adminLocations } from './admin-locations.ts'
import {
  onlineBatchRedemptions,
  onlineVoidBatch,
  posBatchRedemptions,
  posVoidBatch,
} from './batch-redemptions.ts'
import {
  onlineCheckin,
  onlineUpdateCheckin,
  onlineVoidCheckin,
  posCheckin,
  posTransaction,
} from './checkins.ts'
import {
  mobileActive,
  mobileSelect,
  mobileUnselect,
  onlineActive,
  onlineAutoSelect,
  onlineSelect,
  onlineUnlock,
  onlineUnselect,
  posActive,
  posAutoSelect,
  posLookup,
  posSelect,
  posUnlock,
  posUnselect,
} from './discounts.ts'
import { adminExplanations } from './explanations.ts'
import { exportOperations } from './exports.ts'
import { adminLedger } from './ledger.ts'
import { mobileBarcodeCheckin, mobileQrCheckin } from './mobile-checkins.ts'
import { mobileDriveThruCode, mobileSingleScanTokens } from './mobile-codes.ts'
import { mobileBalance, mobileLogin, mobileSignUp } from './mobile-users.ts'
import { offersOperations } from './offers-operations.ts'
import { onlineBalance, onlineSignIn, onlineSignUp } from './online-ordering-users.ts'
import type { Operation } from './operation.ts'
import { refreshTokens, sendOneTimeCode, verifyOneTimeCode } from './password-less.ts'
import { ping, posConfiguration } from './pos-configuration.ts'
import { posMeta } from './pos-meta.ts'
import { posCreateUser, posFindUser, posSearchUsers, posUserBalance } from './pos-users.ts'
import { receiptDetails } from './receipt-details.ts'
import { sandboxClock, sandboxOrderFault, sandboxOutbox, sandboxTurnClock } from './sandbox.ts'

/** Every operation of the wire, once, in the order documents show them. */
export const operations: readonly Operation[] = [
  ping,
  posConfiguration,
  posMeta,
  posCreateUser,
  posSearchUsers,
  posFindUser,
  posUserBalance,
  posAutoSelect,
  posLookup,
  posSelect,
  posUnselect,
  posActive,
  posUnlock,
  posBatchRedemptions,
  posVoidBatch,
  posCheckin,
  posTransaction,
  receiptDetails,
  onlineSignUp,
  onlineSignIn,
  onlineBalance,
  onlineAutoSelect,
  onlineSelect,
  onlineUnselect,
  onlineActive,
  onlineUnlock,
  onlineBatchRedemptions,
  onlineVoidBatch,
  onlineCheckin,
  onlineUpdateCheckin,
  onlineVoidCheckin,
  sendOneTimeCode,
  verifyOneTimeCode,
  refreshTokens,
  mobileSignUp,
  mobileLogin,
  mobileBalance,
  mobileSelect,
  mobileUnselect,
  mobileActive,
  mobileSingleScanTokens,
  mobileDriveThruCode,
  mobileBarcodeCheckin,
  mobileQrCheckin,
  adminLocations,
  adminSupportGift,
  adminSupportGifting,
  adminBanGuest,
  adminUnbanGuest,
  adminDeleteGuest,
  adminGuestInfo,
  ...offersOperations,
  adminExplanations,
  adminLedger,
  ...exportOperations,
]

/** The operations of practice mode: a server in earnest does not have them. */
export const sandboxOperations: readonly Operation[] = [
  sandboxClock,
  sandboxTurnClock,
  sandboxOrderFault,
  sandboxOutbox,
]
