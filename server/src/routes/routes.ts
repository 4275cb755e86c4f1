import { adminGuestRoutes } from './admin-guests.ts'
import { adminLocationRoutes } from './admin-locations.ts'
import { adminOfferRoutes } from './admin-offers.ts'
import { batchRoutes } from './batch-redemptions.ts'
import type { Route } from './call.ts'
import { checkinRoutes } from './checkins.ts'
import { discountRoutes } from './discounts.ts'
import { explanationRoutes } from './explanations.ts'
import { exportRoutes } from './exports.ts'
import { ledgerRoutes } from './ledger.ts'
import { mobileCheckinRoutes } from './mobile-checkins.ts'
import { mobileCodeRoutes } from './mobile-codes.ts'
import { mobileUserRoutes } from './mobile-users.ts'
import { onlineCheckinRoutes } from './online-checkins.ts'
import { onlineUserRoutes } from './online-users.ts'
import { passwordLessRoutes } from './password-less.ts'
import { posConfigurationRoutes } from './pos-configuration.ts'
import { posUserRoutes } from './pos-users.ts'

/** Every operation of the wire that is answered here. */
export const routes: readonly Route[] = [
  ...posConfigurationRoutes,
  ...posUserRoutes,
  ...discountRoutes,
  ...batchRoutes,
  ...checkinRoutes,
  ...onlineUserRoutes,
  ...onlineCheckinRoutes,
  ...mobileUserRoutes,
  ...adminLocationRoutes,
  ...adminGuestRoutes,
  ...adminOfferRoutes,
  ...explanationRoutes,
  ...ledgerRoutes,
  ...exportRoutes,
  ...passwordLessRoutes,
  ...mobileCheckinRoutes,
  ...mobileCodeRoutes,
]
