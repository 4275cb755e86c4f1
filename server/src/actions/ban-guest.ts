import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { Deps } from '../deps.ts'
import type { Guest } from '../store/guest-state.ts'
import { auditEntry, guestSubject } from './audit-entry.ts'
import { changeGuest, type Decision, type Facts, type GuestId } from './change-guest.ts'

/**
 * Bans a guest: neither earns nor redeems until let back in. With `devices`, nobody signs up on the
 * devices the guest signed in on. Banned again, the newer reason stands.
 *
 * Refused: user_not_found, also of an erased guest.
 */
export async function banGuest(
  deps: Deps,
  request: GuestId & { reason: string; devices: boolean },
): Promise<{ kind: 'done' } | Refusal> {
  return changeGuest(deps, request, {}, (facts) => {
    const { guest } = facts.state
    if (guest.status === 'deleted') return refuse('user_not_found')
    const profile = {
      ...guest.profile,
      banReason: request.reason,
      devicesBanned: request.devices,
    }
    const details = { reason: request.reason, devices: request.devices }
    return standing(
      deps,
      facts,
      { ...guest, status: 'banned', profile },
      { action: 'ban', details },
    )
  })
}

/**
 * Lets a banned guest back in, devices included. Of a guest who is not banned it changes nothing.
 *
 * Refused: user_not_found, also of an erased guest.
 */
export async function unbanGuest(deps: Deps, id: GuestId): Promise<{ kind: 'done' } | Refusal> {
  return changeGuest(deps, id, {}, (facts) => {
    const { guest } = facts.state
    if (guest.status === 'deleted') return refuse('user_not_found')
    if (guest.status !== 'banned') return { kind: 'unchanged', result: { kind: 'done' } }
    const { banReason, devicesBanned, ...profile } = guest.profile
    return standing(
      deps,
      facts,
      { ...guest, status: 'active', profile },
      { action: 'unban', details: {} },
    )
  })
}

function standing(
  deps: Deps,
  { state, now }: Facts,
  guest: Guest,
  did: { action: string; details: Record<string, unknown> },
): Decision<{ kind: 'done' }> {
  const subject = guestSubject(guest.guestId)
  return {
    kind: 'changed',
    result: { kind: 'done' },
    change: {
      after: { ...state, guest },
      entries: [],
      audit: [auditEntry(deps, now, { ...did, subject })],
    },
  }
}
