import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Guids } from '../world/guids.ts'

export type Credentials = { clientId: string; clientSecret: string }

export type TokenOptions = {
  credentials: Credentials
  account: 'partner' | 'group'
  scopes: readonly string[]
  tokenSeconds: number
  guids: Guids
  /** Real milliseconds plus what the world was advanced by: advancing makes tokens die. */
  now: () => number
}

export type Tokens = {
  /** Null for credentials that are wrong. */
  logIn(given: unknown): Record<string, unknown> | null
  /** Whether a bearer token is known and has not expired. */
  holds(token: string): boolean
}

/** Only so close to the end does a login make a new token. */
const renewedWithinSeconds = 60

/** One token at a time, the same for every login until it is about to die. */
export function tokensOf(options: TokenOptions): Tokens {
  const { credentials, now, tokenSeconds } = options
  const alive = new Map<string, number>()
  let newest: { token: string; expiresAt: number } | null = null
  return {
    logIn: (given) => {
      if (!areThose(given, credentials)) return null
      const instant = now()
      if (newest === null || newest.expiresAt - instant < renewedWithinSeconds * 1000) {
        for (const [token, expiresAt] of alive) if (expiresAt <= instant) alive.delete(token)
        newest = { token: tokenText(options), expiresAt: instant + tokenSeconds * 1000 }
        alive.set(newest.token, newest.expiresAt)
      }
      return reply(newest.token, Math.floor((newest.expiresAt - instant) / 1000))
    },
    holds: (token) => (alive.get(token) ?? 0) > now(),
  }
}

function areThose(given: unknown, { clientId, clientSecret }: Credentials): boolean {
  if (typeof given !== 'object' || given === null) return false
  const { clientId: id, clientSecret: secret, userAccessType } = given as Record<string, unknown>
  if (typeof id !== 'string' || typeof secret !== 'string') return false
  if (userAccessType !== 'TOAST_MACHINE_CLIENT' || id !== clientId) return false
  const [one, other] = [Buffer.from(secret), Buffer.from(clientSecret)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function reply(accessToken: string, expiresIn: number): Record<string, unknown> {
  return {
    '@class': '.SuccessfulResponse',
    token: {
      tokenType: 'Bearer',
      scope: null,
      expiresIn,
      accessToken,
      idToken: null,
      refreshToken: null,
    },
    status: 'SUCCESS',
  }
}

/**
 * A JSON web token with Toast's claims. The signature is noise: its makers' key is theirs alone, and
 * no client checks it. `iat` and `exp` are of the real clock, as a client reads them.
 */
function tokenText({ credentials, account, scopes, tokenSeconds, guids }: TokenOptions): string {
  const issuedAt = Math.floor(Date.now() / 1000)
  const claim = account === 'partner' ? 'partner_guid' : 'management_set_guid'
  const claims = {
    'https://toasttab.com/client_name': 'stand-in',
    'https://toasttab.com/access_type': 'TOAST_MACHINE_CLIENT',
    'https://toasttab.com/type': account === 'partner' ? 'PARTNER' : 'CUSTOM',
    [`https://toasttab.com/${claim}`]: guids.of('managementGroup', 0, 0, 0, 0),
    iss: 'https://stand-in.invalid/',
    sub: `${credentials.clientId}@clients`,
    aud: 'https://stand-in.invalid',
    iat: issuedAt,
    exp: issuedAt + tokenSeconds,
    azp: credentials.clientId,
    scope: scopes.join(' '),
    gty: 'client-credentials',
    // Two tokens of one second are still two.
    jti: randomBytes(8).toString('hex'),
  }
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const head = part({ alg: 'RS256', typ: 'JWT', kid: 'stand-in' })
  return `${head}.${part(claims)}.${randomBytes(256).toString('base64url')}`
}
