import { refuse } from '@regulars/contract/refusals'
import { mobileBalance, mobileLogin, mobileSignUp } from '@regulars/contract/wire/mobile-users'
import { type Facts, readGuest } from '../actions/change-guest.ts'
import { signIn } from '../actions/sign-in.ts'
import { giveAppTokens } from '../actions/sign-in-tokens.ts'
import { signUp } from '../actions/sign-up.ts'
import type { Deps } from '../deps.ts'
import { mobileAccountReply } from '../replies/account-reply.ts'
import { mobileSignedInReply } from '../replies/signed-in-reply.ts'
import { listLocations } from '../store/callers.ts'
import { ok, type Route, route } from './call.ts'
import { profileFrom } from './profile-from.ts'

export const mobileUserRoutes: readonly Route[] = [
  route(mobileSignUp, async (deps, { caller, request, deviceId }) => {
    const { user } = request
    const signedUp = await signUp(deps, {
      businessId: caller.businessId,
      email: user.email,
      password: user.password,
      passwordConfirmation: user.password_confirmation,
      phone: user.phone ?? null,
      cardNumber: user.card_number ?? null,
      firstName: user.first_name,
      lastName: user.last_name,
      deviceId,
      profile: {
        ...profileFrom(user, 'MobileEmail'),
        ...(user.title === undefined ? {} : { title: user.title }),
        ...(user.address === undefined ? {} : { addressLine1: user.address }),
        ...(user.favourite_location_ids === undefined
          ? {}
          : { favouriteLocations: user.favourite_location_ids }),
      },
    })
    return 'kind' in signedUp ? signedUp : ok(await signedInToApp(deps, signedUp, deviceId))
  }),

  route(mobileLogin, async (deps, { caller, request, deviceId }) => {
    const { email, password } = request.user
    const credentials = { businessId: caller.businessId, email, password, deviceId }
    const signedIn = await signIn(deps, credentials, 'invalid_email_password')
    return 'kind' in signedIn ? signedIn : ok(await signedInToApp(deps, signedIn, deviceId))
  }),

  route(mobileBalance, async (deps, { caller, language }) => {
    const facts = await readGuest(deps, caller)
    if (facts === null) return refuse('invalid_access_token')
    const locations = await listLocations(deps.db, caller.businessId)
    return ok(mobileAccountReply({ facts, locations, language }))
  }),
]

async function signedInToApp(deps: Deps, facts: Facts, deviceId: string | null) {
  const { guest } = facts.state
  const tokens = await giveAppTokens(deps, guest, deviceId)
  return mobileSignedInReply(facts, await listLocations(deps.db, guest.businessId), tokens)
}
