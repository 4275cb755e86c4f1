import {
  refreshTokens,
  sendOneTimeCode as sendOperation,
  verifyOneTimeCode as verifyOperation,
} from '@regulars/contract/wire/password-less'
import { renewTokens } from '../actions/renew-tokens.ts'
import { sendOneTimeCode } from '../actions/send-one-time-code.ts'
import { giveCodeTokens } from '../actions/sign-in-tokens.ts'
import { verifyOneTimeCode } from '../actions/verify-one-time-code.ts'
import { ok, type Route, route } from './call.ts'

export const passwordLessRoutes: readonly Route[] = [
  route(sendOperation, async (deps, { caller, request }) => {
    const result = await sendOneTimeCode(deps, {
      businessId: caller.businessId,
      ...contactFrom(request),
      codeChallenge: request.code_challenge,
      codeChallengeMethod: request.code_challenge_method ?? 'S256',
      consents: consentsFrom(request),
    })
    return result.kind === 'refused'
      ? result
      : ok({ data: { expires_in: result.expiresInSeconds } })
  }),

  route(verifyOperation, async (deps, { caller, request, deviceId }) => {
    const result = await verifyOneTimeCode(deps, {
      businessId: caller.businessId,
      ...contactFrom(request),
      deviceId,
      code: request.token,
      codeVerifier: request.code_verifier,
      consents: consentsFrom(request),
    })
    if (result.kind === 'refused') return result
    const { state, catalog } = result.facts
    const tokens = await giveCodeTokens(deps, state.guest, { catalog, deviceId })
    return ok({
      data: {
        ...tokensReply({
          ...tokens,
          expiresInSeconds: catalog.counter.advancedAuthentication.accessTokenSeconds,
        }),
        id_token: tokens.idToken,
      },
    })
  }),

  route(refreshTokens, async (deps, { caller, request }) => {
    const { businessId } = caller
    const result = await renewTokens(deps, { businessId, refreshToken: request.refresh_token })
    return result.kind === 'refused' ? result : ok({ data: tokensReply(result) })
  }),
]

function contactFrom(request: { email?: string; phone_number?: string; phone_ext?: string }) {
  return {
    email: request.email ?? null,
    phoneNumber: request.phone_number ?? null,
    phoneExt: request.phone_ext ?? null,
  }
}

function consentsFrom(request: { privacy_policy: boolean; terms_and_conditions: boolean }) {
  return {
    privacyPolicy: request.privacy_policy,
    termsAndConditions: request.terms_and_conditions,
  }
}

function tokensReply(tokens: {
  accessToken: string
  refreshToken: string
  expiresInSeconds: number
}) {
  return {
    access_token: tokens.accessToken,
    token_type: 'Bearer',
    refresh_token: tokens.refreshToken,
    expires_in: tokens.expiresInSeconds,
  }
}
