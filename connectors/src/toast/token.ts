/** A bearer token and the moment it dies, by our clock. */
export type Token = { accessToken: string; expiresAtMs: number }

/** A login inside the token's life answers with the same token, up to this long before its end. */
export const renewBeforeMs = 60_000

/** Reads a login's reply; null when it is none. `expiresIn` counts the seconds that are left. */
export function readToken(body: unknown, nowMs: number): Token | null {
  const token = (body as { token?: { accessToken?: unknown; expiresIn?: unknown } } | null)?.token
  const accessToken = token?.accessToken
  if (typeof accessToken !== 'string' || accessToken === '') return null
  const seconds = token?.expiresIn
  return typeof seconds === 'number' ? { accessToken, expiresAtMs: nowMs + seconds * 1_000 } : null
}

/** The group that an account which is no partner's belongs to, or null. */
export function managementGroupOf({ accessToken }: Token): string | null {
  const claimed = claimsOf(accessToken)['https://toasttab.com/management_set_guid']
  return typeof claimed === 'string' && claimed !== '' ? claimed : null
}

function claimsOf(accessToken: string): Record<string, unknown> {
  try {
    const [, payload = ''] = accessToken.split('.')
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    return typeof claims === 'object' && claims !== null ? { ...claims } : {}
  } catch {
    return {}
  }
}
