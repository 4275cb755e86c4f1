import { timingSafeEqual } from 'node:crypto'
import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { Operation } from '@regulars/contract/wire/operation'
import { scalars } from '@regulars/contract/wire/scalars'
import type { FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { digestMatches, hashSecret } from '../secrets.ts'
import { findGuestByToken } from '../store/access-tokens.ts'
import { findBusinessByAdminKey, findClient, findLocationByKeys } from '../store/callers.ts'
import type { Caller } from './call.ts'
import { Remembered } from './remembered.ts'

/** What a request shows of itself before it is read: headers and the very bytes of its body. */
export type Shown = {
  request: FastifyRequest
  body: Buffer
  /** Body and query string together; the body wins. */
  members: Readonly<Record<string, unknown>>
}

/** `harmless`: whoever called guesses nothing, so it is not counted as a failed authentication. */
export type Unproven = Refusal & { harmless?: boolean }

type Proven<Auth extends keyof Caller = keyof Caller> = { kind: 'proven'; caller: Caller[Auth] }

/**
 * Keys change seldom and come with every call, so what they named is remembered this long. A key
 * that was withdrawn works at most so much longer.
 */
const keysRememberedMs = 10_000

/** Proves who calls. Failures are refused; counting them is the server's business. */
export function makeAuthenticator(deps: Deps) {
  const locations = new Remembered(keysRememberedMs, (hashes: string) => {
    const [locationKey = '', businessKey = ''] = hashes.split(' ')
    return findLocationByKeys(deps.db, {
      locationKey: Buffer.from(locationKey, 'hex'),
      businessKey: Buffer.from(businessKey, 'hex'),
    })
  })
  const clients = new Remembered(keysRememberedMs, async (clientId: string) => {
    const client = await findClient(deps.db, clientId)
    return client && { ...client, secret: deps.sealer.open(client.secretSealed) }
  })
  const admins = new Remembered(keysRememberedMs, (hash: string) =>
    findBusinessByAdminKey(deps.db, Buffer.from(hash, 'hex')),
  )

  async function byLocationKey({ request }: Shown): Promise<Proven<'location_key'> | Refusal> {
    const keys = parseTokenPair(request.headers.authorization)
    if (keys === null) return refuse('invalid_location_key')
    const hashes = [keys.token, keys.btoken].map((key) => hashSecret(key).toString('hex'))
    const location = await locations.get(hashes.join(' '))
    if (location === null) return refuse('invalid_location_key')
    return { kind: 'proven', caller: { businessId: location.businessId, location } }
  }

  async function byClient(
    shown: Shown,
    { signed }: { signed: boolean },
  ): Promise<Proven<'signed_client'> | Refusal> {
    const clientId = textOf(shown.members.client)
    if (clientId === null) return refuse('missing_parameter', { name: 'client' })
    // Text no database takes names nobody.
    if (scalars.identifier.read(clientId, undefined) === null) return refuse('unknown_client')
    const client = await clients.get(clientId)
    if (client === null) return refuse('unknown_client')
    if (signed && !isSigned(shown, client.secret)) return refuse('invalid_signature')
    return { kind: 'proven', caller: { businessId: client.businessId, clientId } }
  }

  async function byGuest(shown: Shown): Promise<Proven<'signed_guest'> | Unproven> {
    const proven = await byClient(shown, { signed: true })
    if (proven.kind === 'refused') return proven
    const { businessId } = proven.caller
    const token = bearerOf(shown) ?? textOf(shown.members.authentication_token)
    if (token === null) return refuse('invalid_access_token')
    const tokenHash = hashSecret(token)
    const guest = await findGuestByToken(deps.db, { businessId, tokenHash, now: deps.now() })
    if (guest === null) return refuse('invalid_access_token')
    // A token that ran out is what every app shows before it renews it.
    if (!guest.live) return { ...refuse('invalid_access_token'), harmless: true }
    if (!showsIdToken(shown, guest.idTokenHash)) return refuse('invalid_access_token')
    return { kind: 'proven', caller: { ...proven.caller, guestId: guest.guestId } }
  }

  async function byAdminKey(shown: Shown): Promise<Proven<'admin_key'> | Refusal> {
    const key = bearerOf(shown)
    const businessId = key === null ? null : await admins.get(hashSecret(key).toString('hex'))
    if (businessId === null) return refuse('admin_unauthorized')
    return { kind: 'proven', caller: { businessId } }
  }

  return async function authenticate(
    { auth }: Pick<Operation, 'auth'>,
    shown: Shown,
  ): Promise<Proven | Unproven> {
    switch (auth) {
      case 'none':
        return { kind: 'proven', caller: null }
      case 'location_key':
        return byLocationKey(shown)
      case 'client':
        return byClient(shown, { signed: false })
      case 'signed_client':
        return byClient(shown, { signed: true })
      case 'signed_guest':
        return byGuest(shown)
      case 'admin_key':
        return byAdminKey(shown)
    }
  }
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

function bearerOf({ request }: Shown): string | null {
  const match = /^bearer\s+(\S+)$/i.exec(request.headers.authorization?.trim() ?? '')
  return match?.[1] ?? null
}

// Tokens given for a one-time code come in twos; others need no second.
function showsIdToken({ request }: Shown, idTokenHash: Buffer | null): boolean {
  if (idTokenHash === null) return true
  const idToken = request.headers['id-token']
  return typeof idToken === 'string' && timingSafeEqual(hashSecret(idToken.trim()), idTokenHash)
}

/**
 * Both published punctuations: `Token token=…, btoken=…` and `Token token="…" btoken="…"`. Commas,
 * semicolons or white space part the pairs; values are bare or quoted; any order. Other pairs are
 * passed over.
 */
export function parseTokenPair(
  header: string | undefined,
): { token: string; btoken: string } | null {
  const match = /^token\s+(.+)$/i.exec(header?.trim() ?? '')
  if (match === null) return null
  const pairs = new Map<string, string>()
  for (const [, name = '', quoted, bare] of (match[1] ?? '').matchAll(
    /\b(b?token)\s*=\s*(?:"([^"]*)"|([^\s,;"]+))/gi,
  )) {
    pairs.set(name.toLowerCase(), quoted ?? bare ?? '')
  }
  const token = pairs.get('token')
  const btoken = pairs.get('btoken')
  return token === undefined || btoken === undefined ? null : { token, btoken }
}

// Online ordering signs with SHA-1, mobile with SHA-256 (docs/reference/authentication.md).
function isSigned({ request, body }: Shown, secret: string): boolean {
  const digest = request.headers['x-pch-digest']
  if (typeof digest !== 'string' || digest === '') return false
  const uri = request.raw.url ?? ''
  const hash = uri.startsWith('/api2/mobile/') ? 'sha256' : 'sha1'
  return digestMatches({ hash, secret, uri, body, digest })
}
