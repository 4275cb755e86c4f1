import { businessDateAt, toWireInstant } from '@regulars/contract/values/instants'
import { tierHeld } from '@regulars/engine'
import type { Claimed } from '../actions/claim-receipt.ts'
import { barcodeOf } from '../actions/punchh-key.ts'

/** What the app is answered when a printed code was claimed. */
export function claimReply({ checkin, punchhKey, location, before, facts }: Claimed) {
  const { account } = facts.state
  const earlier = before.state.account
  const isPending = checkin.state === 'pending'
  const lot = account.lots.find(
    ({ source }) => source.kind === 'checkin' && source.id === checkin.checkinId,
  )
  const expiresAt = lot?.expiresAt ?? null
  const { totalVisits, initialVisits } = earlier.counters
  return {
    checkin_id: checkin.checkinId,
    created_at: toWireInstant(facts.now),
    external_uid: checkin.externalUid,
    points_earned: isPending ? 0 : checkin.points,
    pending_points: isPending ? checkin.points : 0,
    pending_refresh: isPending,
    bar_code: barcodeOf(punchhKey),
    current_membership_level: tierHeld(account, facts.catalog.program)?.name ?? null,
    first_checkin:
      totalVisits + initialVisits === 0 && earlier.checkins.every(({ state }) => state === 'void'),
    location_id: location.locationId,
    store_number: location.storeNumber,
    expiring_on: expiresAt === null ? null : businessDateAt(expiresAt, facts.catalog.zone),
  }
}
