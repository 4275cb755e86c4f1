import { dayMs, type Instant, plusMs, secondMs } from '@regulars/contract/values/instants'
import type { Catalog } from '../catalog/catalog.ts'
import type { Deps } from '../deps.ts'
import { hashSecret } from '../secrets.ts'
import { insertTokens } from '../store/access-tokens.ts'
import type { GuestId } from './change-guest.ts'

const tokenBytes = 32

/** What an ordering site gets: both name the guest and neither runs out. */
export async function giveOnlineTokens(
  deps: Deps,
  guest: GuestId,
  deviceId: string | null,
): Promise<{ accessToken: string; authenticationToken: string }> {
  const accessToken = newAccessToken(deps)
  const authenticationToken = deps.random.token(tokenBytes)
  const tokens = [
    { ...ofToken(accessToken, deviceId), kind: 'access' as const },
    { ...ofToken(authenticationToken, deviceId), kind: 'authentication' as const },
  ]
  await insertTokens(deps.db, { ...guest, now: deps.now() }, { tokens, family: null })
  return { accessToken, authenticationToken }
}

/** What an app gets for a password: an access token that does not run out, but can be renewed. */
export async function giveAppTokens(
  deps: Deps,
  guest: GuestId,
  deviceId: string | null,
): Promise<{ accessToken: string; refreshToken: string }> {
  const accessToken = newAccessToken(deps)
  const refresh = newRefreshToken(deps)
  await insertTokens(
    deps.db,
    { ...guest, now: deps.now() },
    {
      tokens: [{ ...ofToken(accessToken, deviceId), kind: 'access' }],
      family: { ...refresh.hashes, idTokenHash: null, expiresAt: null },
    },
  )
  return { accessToken, refreshToken: refresh.token }
}

/** What a guest gets for a one-time code. The access token works only together with the id token. */
export async function giveCodeTokens(
  deps: Deps,
  guest: GuestId,
  { catalog, deviceId }: { catalog: Catalog; deviceId: string | null },
): Promise<{ accessToken: string; refreshToken: string; idToken: string }> {
  const accessToken = newAccessToken(deps)
  const idToken = deps.random.token(tokenBytes)
  const refresh = newRefreshToken(deps)
  const now = deps.now()
  const lifetimes = lifetimesOf(catalog, now)
  await insertTokens(
    deps.db,
    { ...guest, now },
    {
      tokens: [
        { ...ofToken(accessToken, deviceId), kind: 'access', expiresAt: lifetimes.accessExpiresAt },
      ],
      family: {
        ...refresh.hashes,
        idTokenHash: hashSecret(idToken),
        expiresAt: lifetimes.refreshExpiresAt,
      },
    },
  )
  return { accessToken, refreshToken: refresh.token, idToken }
}

/** When tokens that are given now run out. */
export function lifetimesOf({ counter }: Catalog, now: Instant) {
  const { accessTokenSeconds, refreshTokenDays } = counter.advancedAuthentication
  return {
    accessExpiresAt: plusMs(now, accessTokenSeconds * secondMs),
    refreshExpiresAt: plusMs(now, refreshTokenDays * dayMs),
  }
}

const familyBytes = 16

/** `family.secret`: the family stays, the secret changes with every renewal. */
function newRefreshToken(deps: Deps) {
  const family = deps.random.token(familyBytes)
  const token = nextRefreshToken(deps, family)
  return { token, hashes: { familyHash: hashSecret(family), refreshHash: hashSecret(token) } }
}

/** The part that all refresh tokens of one sign-in begin with. */
export function familyOf(refreshToken: string): string {
  return refreshToken.split('.')[0] ?? ''
}

/** The next refresh token of a family. */
export function nextRefreshToken(deps: Deps, family: string): string {
  return `${family}.${deps.random.token(tokenBytes)}`
}

/** An access token, not stored yet. */
export function newAccessToken(deps: Deps): string {
  return deps.random.token(tokenBytes)
}

function ofToken(token: string, deviceId: string | null) {
  return { tokenHash: hashSecret(token), deviceId, expiresAt: null }
}
