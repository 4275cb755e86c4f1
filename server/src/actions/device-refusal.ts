import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { Deps } from '../deps.ts'
import { readDevice } from '../store/access-tokens.ts'

export type Device = { businessId: number; deviceId: string | null }

/** A ban reaches every guest of the device: guest_banned_code, or null. */
export function bannedDeviceRefusal(deps: Deps, device: Device): Promise<Refusal | null> {
  return deviceRefusal(deps, device, Number.POSITIVE_INFINITY)
}

/**
 * The same for one more guest on the device, of which it may have `guestsMax`: also
 * device_already_shared.
 */
export async function deviceRefusal(
  deps: Deps,
  { businessId, deviceId }: Device,
  guestsMax: number,
): Promise<Refusal | null> {
  if (deviceId === null) return null
  const device = await readDevice(deps.db, { businessId, deviceId })
  if (device.banned) return refuse('guest_banned_code')
  return device.guests >= guestsMax ? refuse('device_already_shared') : null
}
