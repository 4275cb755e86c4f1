import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { Deps } from '../deps.ts'
import { hashSecret } from '../secrets.ts'
import { endTokenFamily, renewTokens as replaceTokens } from '../store/access-tokens.ts'
import { familyOf, lifetimesOf, newAccessToken, nextRefreshToken } from './sign-in-tokens.ts'

export type Renewed = {
  kind: 'renewed'
  accessToken: string
  refreshToken: string
  expiresInSeconds: number
}

/**
 * Trades a refresh token for a new one and a new access token; the old ones stop working at once.
 * A refresh token that comes a second time was copied, by whom nobody can say: it ends the sign-in
 * for both (RFC 9700, section 4.14.2).
 *
 * Refused: otp_disabled, invalid_refresh_token.
 */
export async function renewTokens(
  deps: Deps,
  { businessId, refreshToken }: { businessId: number; refreshToken: string },
): Promise<Renewed | Refusal> {
  const catalog = await deps.catalogs.newest(businessId)
  const { enabled, accessTokenSeconds } = catalog.counter.advancedAuthentication
  if (!enabled) return refuse('otp_disabled')
  const family = familyOf(refreshToken)
  const now = deps.now()
  const newTokens = {
    accessToken: newAccessToken(deps),
    refreshToken: nextRefreshToken(deps, family),
  }
  const familyHash = hashSecret(family)
  const replaced = await replaceTokens(deps.db, {
    businessId,
    familyHash,
    refreshHash: hashSecret(refreshToken),
    newRefreshHash: hashSecret(newTokens.refreshToken),
    newAccessHash: hashSecret(newTokens.accessToken),
    now,
    ...lifetimesOf(catalog, now),
  })
  if (replaced === null) {
    await endTokenFamily(deps.db, { businessId, familyHash, now })
    return refuse('invalid_refresh_token')
  }
  return { kind: 'renewed', ...newTokens, expiresInSeconds: accessTokenSeconds }
}
