import { isIP } from 'node:net'
import { type Refusal, refuse } from '@regulars/contract/refusals'
import type { Operation } from '@regulars/contract/wire/operation'
import { read } from '@regulars/contract/wire/read'
import { type Place, refusalReply } from '@regulars/contract/wire/refusal-replies'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { makeAuthenticator, type Shown } from './authenticate.ts'
import { parseBody } from './body.ts'
import type { Call, Reply, Route } from './call.ts'
import type { FailedAuthentications } from './failed-authentications.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The name of the operation, for logs and metrics. */
    operation?: string
  }
}

/** Answers each route's operation: keys first, then the message, then the action. */
export function serve(
  app: FastifyInstance,
  deps: Deps,
  routes: readonly Route[],
  failures: FailedAuthentications,
): void {
  const authenticate = makeAuthenticator(deps)

  async function answer(route: Route, request: FastifyRequest): Promise<Reply | Refusal> {
    const { operation } = route
    if (operation.auth !== 'none') {
      const refusal = await doorRefusal(route, request)
      if (refusal !== null) return refusal
    }
    const shown = shownOf(request)
    if (shown.kind === 'refused') return shown
    const proven = await authenticate(operation, shown)
    if (proven.kind === 'refused') {
      if (proven.harmless !== true) await count(operation, request, proven)
      return proven
    }
    const blocked = await guestRefusal(operation, request)
    if (blocked !== null) return blocked
    const language = headerText(request, 'accept-language')
    const unsupported = await languageRefusal(operation, proven.caller, language)
    if (unsupported !== null) return unsupported
    const message = read(operation.request, shown.members, zoneOf(proven.caller))
    if (message.kind === 'refused') return message
    const params = operation.params && read(operation.params, request.params)
    if (params?.kind === 'refused') return params
    const answered = await route.handle(deps, {
      caller: proven.caller,
      request: message.value,
      params: params?.value,
      language,
      explains: /(^|[\s,;])explain\b/i.test(headerText(request, 'prefer') ?? ''),
      deviceId: headerText(request, 'punchh-app-device-id'),
      wantsPage: headerText(request, 'accept')?.includes('text/html') ?? false,
      requestId: request.id,
    } as Call)
    if (answered.kind === 'refused') await count(operation, request, answered)
    return answered
  }

  async function doorRefusal(
    { operation }: Route,
    request: FastifyRequest,
  ): Promise<Refusal | null> {
    if (headerText(request, 'user-agent') === null) return refuse('missing_user_agent')
    return blockRefusal(operation, request.ip)
  }

  // The site's own address may be fine where the guest's is blocked.
  async function guestRefusal(operation: Operation, request: FastifyRequest) {
    const address = isSigned(operation) ? guestAddressOf(request) : request.ip
    return address === request.ip ? null : blockRefusal(operation, address)
  }

  async function blockRefusal({ surface }: Operation, address: string): Promise<Refusal | null> {
    const until = await failures.blockedUntil(surface, address)
    return until === null ? null : refuse('address_blocked', { until: until.toISOString() })
  }

  // Behind an ordering site all guests share its address; once the digest has shown that it is the
  // site, its word on the guest's own address is taken.
  async function count(operation: Operation, request: FastifyRequest, { code }: Refusal) {
    if (!failedCodes.has(code)) return
    const bySite = code === 'unknown_client' || code === 'invalid_signature'
    const address = isSigned(operation) && !bySite ? guestAddressOf(request) : request.ip
    await failures.failed(operation.surface, address)
  }

  // Apps are told what is spoken here; everybody else falls back to English, as published.
  async function languageRefusal(
    { surface }: Operation,
    caller: unknown,
    language: string | null,
  ): Promise<Refusal | null> {
    if (surface !== 'mobile' || language === null) return null
    const { businessId } = caller as { businessId: number }
    const { languages } = await deps.catalogs.newest(businessId)
    if (speaksOneOf(language, languages)) return null
    return refuse('unsupported_language', { locales: languages.join(', ') })
  }

  for (const route of routes) {
    const { operation } = route
    app.route({
      method: operation.method,
      url: operation.path.replace(/\{(\w+)\}/g, ':$1'),
      config: { operation: operation.name },
      handler: async (request, reply) => {
        const answered = await answer(route, request)
        if (answered.kind === 'refused') return refuseWith(reply, operation, answered)
        if (answered.stored === true) reply.header('Regulars-Replay', 'stored')
        const { status, body, contentType } = answered
        if (contentType !== undefined) return reply.code(status).type(contentType).send(body)
        return send(reply, status, body)
      },
    })
  }
}

/** Sends a refusal as its operation words it. */
export function refuseWith(reply: FastifyReply, place: Place, refusal: Refusal): FastifyReply {
  const { status, body, headers } = refusalReply(place, refusal)
  return send(reply.headers(headers), status, body)
}

function send(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  if (body === null || body === undefined) return reply.code(status).send()
  if (body === 'OK') return reply.code(status).type('text/plain; charset=utf-8').send(body)
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body))
}

const failedCodes: ReadonlySet<string> = new Set([
  'invalid_location_key',
  'unknown_client',
  'invalid_signature',
  'invalid_access_token',
  'admin_unauthorized',
  'incorrect_information',
  'invalid_email_password',
  'otp_invalid',
  'invalid_refresh_token',
])

function isSigned({ auth }: Operation): boolean {
  return auth === 'signed_client' || auth === 'signed_guest'
}

/** The guest's address as an ordering site tells it, else where the call came from. */
function guestAddressOf(request: FastifyRequest): string {
  const told = headerText(request, 'x_true_client_ip') ?? headerText(request, 'x-true-client-ip')
  return told !== null && isIP(told) !== 0 ? told : request.ip
}

function speaksOneOf(acceptLanguage: string, languages: readonly string[]): boolean {
  const spoken = new Set(['*', 'en', ...languages.map(primaryTag)])
  return acceptLanguage.split(',').some((part) => spoken.has(primaryTag(part)))
}

/** `es` of ` es-US;q=0.9`. */
function primaryTag(part: string): string {
  return (part.split(';')[0] ?? '').trim().toLowerCase().split('-')[0] ?? ''
}

function shownOf(request: FastifyRequest): ({ kind: 'shown' } & Shown) | Refusal {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const parsed = parseBody(body)
  if (parsed.kind === 'refused') return parsed
  const members = { ...(request.query as Record<string, unknown>), ...parsed.members }
  return { kind: 'shown', request, body, members }
}

// A moment that a till sends without an offset is its own wall clock.
function zoneOf(caller: unknown): { zone?: string } {
  const location = (caller as { location?: { zone: string } } | null)?.location
  return location === undefined ? {} : { zone: location.zone }
}

function headerText(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name]
  const text = (Array.isArray(value) ? value.join(', ') : value)?.trim()
  return text === undefined || text === '' ? null : text
}
