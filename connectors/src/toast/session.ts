import type { Fernet } from '../fernet.ts'
import { ReadingFailed } from '../outcome.ts'
import { parsedJson } from '../parsed-json.ts'
import type { SendPlain, Session } from '../session.ts'
import type { ToastConfiguration } from './configuration.ts'
import { managementGroupOf, readToken, renewBeforeMs, type Token } from './token.ts'
import { toastVerdict } from './verdicts.ts'

/**
 * Toast asks for two logins an hour at most, of all processes together: the times are kept with or
 * without a key. One that was not answered, or with 5xx, falls under the limit of all calls only.
 */
const loginsMax = 2
const loginsPerMs = 60 * 60_000

const loginPath = '/authentication/v1/authentication/login'

export type ToastSession = Session & {
  /** Logs in if that has not been done; the group of an account that is no partner's, or null. */
  managementGroup(): Promise<string | null>
}

/** Speaks to Toast as one client: one token for all restaurants, one login at a time. */
export function openToastSession(
  configuration: ToastConfiguration,
  send: SendPlain,
  nowMs: () => number = Date.now,
): ToastSession {
  const { clientId, clientSecret, userAccessType, baseUrl, fernet } = configuration
  let token: Token | null = null
  let loggingIn: Promise<Token> | null = null
  let logins: number[] = []

  function mayLogIn(): boolean {
    // One of a time to come is of a clock that was put back since.
    logins = logins.filter((at) => Math.abs(nowMs() - at) < loginsPerMs)
    return logins.length < loginsMax
  }

  /** Throws `ReadingFailed` when the credentials are refused, anything else when it may pass later. */
  async function logIn(): Promise<Token> {
    if (!mayLogIn()) {
      const minutes = Math.ceil(((logins[0] ?? 0) + loginsPerMs - nowMs()) / 60_000)
      throw new ReadingFailed(
        'stop',
        `Toast allows ${loginsMax} logins an hour, and they are spent; start again in ${minutes} minutes.${keptWith(fernet)}`,
      )
    }
    const reply = await send(urlOf(baseUrl, loginPath, {}), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clientId, clientSecret, userAccessType }),
    })
    if (reply.status === 429 || reply.status === 408 || reply.status >= 500) {
      throw new Error(`the login was answered with ${reply.status}`)
    }
    logins.push(nowMs())
    if (reply.status !== 200) {
      throw new ReadingFailed(
        'stop',
        `Toast refused the login (${reply.status}); check clientId, clientSecret and userAccessType.`,
      )
    }
    const read = readToken(parsedJson(reply.body.toString('utf8')), nowMs())
    if (read === null) throw new Error('the reply to the login holds no token')
    token = read
    return read
  }

  function isFresh({ expiresAtMs }: Token): boolean {
    return expiresAtMs - renewBeforeMs > nowMs()
  }

  function isAlive({ expiresAtMs }: Token): boolean {
    return expiresAtMs > nowMs()
  }

  function current(): Promise<Token> {
    if (token !== null && (isFresh(token) || (isAlive(token) && !mayLogIn()))) {
      return Promise.resolve(token)
    }
    loggingIn ??= logIn().finally(() => {
      loggingIn = null
    })
    return loggingIn
  }

  return {
    async address({ path, query, headers }, location) {
      const { accessToken } = await current()
      return {
        url: urlOf(baseUrl, path, query),
        headers: {
          ...headers,
          authorization: `Bearer ${accessToken}`,
          ...(location === null || location === ''
            ? {}
            : { 'toast-restaurant-external-id': location }),
        },
      }
    },
    renew({ authorization }) {
      // Somebody may have logged in since the call was sent; and a token that was refused may still
      // be good when no other can be had.
      const isCurrent = token !== null && authorization === `Bearer ${token.accessToken}`
      if (isCurrent && mayLogIn()) token = null
    },
    managementGroup: async () => managementGroupOf(await current()),
    saved() {
      if (token === null && logins.length === 0) return null
      return JSON.stringify({
        ...(fernet === null || token === null ? {} : sealed(token, fernet)),
        logins: logins.map((at) => new Date(at).toISOString()),
      })
    },
    restore(saved) {
      const { encrypted_token, token_expires_at, logins: earlier } = JSON.parse(saved)
      const accessToken = fernet?.decrypt(String(encrypted_token)) ?? null
      const expiresAtMs = Date.parse(token_expires_at)
      const kept = accessToken === null ? null : { accessToken, expiresAtMs }
      // Over several syncs this session knows at least what it saved.
      if (token === null && kept !== null && isAlive(kept)) token = kept
      if (logins.length === 0 && Array.isArray(earlier)) {
        logins = earlier.map((at) => Date.parse(at))
      }
    },
    verdict: toastVerdict,
    told(headers) {
      const remaining = Number(headers['x-toast-ratelimit-remaining'] ?? Number.NaN)
      const resetsAtMs = Number(headers['x-toast-ratelimit-reset'] ?? Number.NaN) * 1_000
      return Number.isNaN(remaining + resetsAtMs) ? null : { remaining, resetsAtMs }
    },
  }
}

function sealed({ accessToken, expiresAtMs }: Token, fernet: Fernet) {
  return {
    encrypted_token: fernet.encrypt(accessToken),
    token_expires_at: new Date(expiresAtMs).toISOString(),
  }
}

function keptWith(fernet: Fernet | null): string {
  return fernet === null ? ' With a key in the configuration syncs would share a token.' : ''
}

function urlOf(baseUrl: URL, path: string, query: Readonly<Record<string, string>>): URL {
  const url = new URL(baseUrl)
  url.pathname = `${baseUrl.pathname.replace(/\/$/, '')}${path}`
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}
