import { refuse } from '@regulars/contract/refusals'
import {
  onlineBalance,
  onlineSignIn,
  onlineSignUp,
} from '@regulars/contract/wire/online-ordering-users'
import { type Facts, readGuest } from '../actions/change-guest.ts'
import { signIn } from '../actions/sign-in.ts'
import { giveOnlineTokens } from '../actions/sign-in-tokens.ts'
import { signUp } from '../actions/sign-up.ts'
import type { Deps } from '../deps.ts'
import { onlineAccountReply } from '../replies/account-reply.ts'
import { onlineGuestReply } from '../replies/signed-in-reply.ts'
import { listLocations } from '../store/callers.ts'
import { ok, type Route, route } from './call.ts'
import { profileFrom } from './profile-from.ts'

export const onlineUserRoutes: readonly Route[] = [
  route(onlineSignUp, async (deps, { caller, request, deviceId }) => {
    const { user } = request
    const device = user.app_device_id ?? deviceId
    const signedUp = await signUp(deps, {
      businessId: caller.businessId,
      email: user.email,
      password: user.password,
      passwordConfirmation: user.password_confirmation ?? null,
      phone: user.phone ?? null,
      cardNumber: user.card_number ?? null,
      firstName: user.first_name ?? null,
      lastName: user.last_name ?? null,
      deviceId: device,
      profile: {
        ...profileFrom(user, 'OnlineOrder'),
        ...(user.address_line1 === undefined ? {} : { addressLine1: user.address_line1 }),
        ...(user.fav_location_id === undefined ? {} : { favouriteLocations: user.fav_location_id }),
      },
    })
    if ('kind' in signedUp) return signedUp
    return { kind: 'reply', status: 201, body: await signedInOnline(deps, signedUp, device) }
  }),

  route(onlineSignIn, async (deps, { caller, request, deviceId }) => {
    const { email, password } = request.user
    const credentials = { businessId: caller.businessId, email, password, deviceId }
    const signedIn = await signIn(deps, credentials, 'incorrect_information')
    if ('kind' in signedIn) return signedIn
    return ok(await signedInOnline(deps, signedIn, deviceId))
  }),

  route(onlineBalance, async (deps, { caller, language }) => {
    const facts = await readGuest(deps, caller)
    if (facts === null) return refuse('invalid_access_token')
    const locations = await listLocations(deps.db, caller.businessId)
    return ok(onlineAccountReply({ facts, locations, language }))
  }),
]

async function signedInOnline(deps: Deps, facts: Facts, deviceId: string | null) {
  const { guest } = facts.state
  const tokens = await giveOnlineTokens(deps, guest, deviceId)
  return onlineGuestReply(facts, await listLocations(deps.db, guest.businessId), tokens)
}
