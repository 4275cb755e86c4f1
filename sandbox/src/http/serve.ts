import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Restaurant, readableAt } from '../world/restaurants.ts'
import type { World } from '../world/world.ts'
import { type Answer, errorAnswer, ok, Refused } from './answer.ts'
import type { Call, Endpoint } from './call.ts'
import { cashEndpoints } from './cash-endpoints.ts'
import { configEndpoints } from './config-endpoints.ts'
import { type Fault, type Faults, faultBounds } from './faults.ts'
import { kitchenEndpoints } from './kitchen-endpoints.ts'
import { laborEndpoints } from './labor-endpoints.ts'
import type { Asked, Standing } from './limits.ts'
import { menusEndpoints } from './menus-endpoints.ts'
import { oddBody } from './odd-body.ts'
import { ordersEndpoints } from './orders-endpoints.ts'
import { partnersEndpoints } from './partners-endpoints.ts'
import type { RequestsSeen } from './requests-seen.ts'
import { restaurantEndpoints } from './restaurant-endpoints.ts'
import { send, sendBroken } from './sending.ts'
import { stockEndpoints } from './stock-endpoints.ts'
import type { Tokens } from './tokens.ts'

export type Front = {
  world: World
  account: 'partner' | 'group'
  scopes: ReadonlySet<string>
  tokens: Tokens
  limit: (asked: Asked) => Standing
  faults: Faults
  seen: RequestsSeen
  latencyMs: number
}

const endpoints: readonly Endpoint[] = [
  ...partnersEndpoints,
  ...restaurantEndpoints,
  ...configEndpoints,
  ...laborEndpoints,
  ...cashEndpoints,
  ...ordersEndpoints,
  ...menusEndpoints,
  ...stockEndpoints,
  ...kitchenEndpoints,
]

const loginPath = '/authentication/v1/authentication/login'

/**
 * Answers as Toast does. Every call passes, in this order: ordered faults, the token, the rate
 * limits, the restaurant it is about, the scope.
 */
export function serve(app: FastifyInstance, front: Front): void {
  app.post(loginPath, (request, reply) =>
    withFaults(front, { request, reply }, () => {
      const { allowed } = front.limit({ subject: request.ip, api: 'login', endpoint: null })
      if (!allowed) throw new Refused(429, 'Too Many Requests')
      const token = front.tokens.logIn(request.body)
      if (token === null) throw new Refused(401, 'Bad client credentials')
      return ok(token)
    }),
  )
  for (const endpoint of endpoints) {
    app.route({
      method: endpoint.method,
      url: endpoint.path,
      handler: (request, reply) =>
        withFaults(front, { request, reply }, () => answerOf(front, endpoint, { request, reply })),
    })
  }
  app.setNotFoundHandler((request, reply) =>
    withFaults(front, { request, reply }, () => {
      throw new Refused(404, 'Not Found')
    }),
  )
  app.setErrorHandler((error, request, reply) => {
    const status = statusOf(error)
    if (status >= 500) request.log.error(error)
    const message = error instanceof Error ? error.message : 'Internal Server Error'
    return send(request, reply, errorAnswer({ status, message }, { terse: false }))
  })
}

type Exchange = { request: FastifyRequest; reply: FastifyReply }

async function withFaults(
  front: Front,
  { request, reply }: Exchange,
  answer: () => Answer,
): Promise<FastifyReply> {
  if (front.latencyMs > 0) await wait(front.latencyMs)
  const path = pathOf(request)
  const fault = front.faults.strike({ path, restaurant: restaurantHeader(request) })
  const broken = fault === null ? null : await struck(front, { request, reply }, fault)
  if (broken === 'gone') return reply
  const given = broken ?? (await answered(path, answer))
  if (fault === null || given.status !== 200) {
    await send(request, reply, given)
    return reply
  }
  if (fault.kind === 'truncated' || fault.kind === 'not-json' || fault.kind === 'empty') {
    if (fault.kind === 'truncated') front.seen.add(path, 0)
    await sendBroken(fault.kind, reply, given.body)
    return reply
  }
  await send(request, reply, { ...given, body: oddBody(fault.kind, given.body) })
  return reply
}

/** What a fault answers in the endpoint's place; null when the endpoint is still asked. */
async function struck(
  front: Front,
  { request, reply }: Exchange,
  fault: Fault,
): Promise<Answer | 'gone' | null> {
  const status = Number.parseInt(fault.kind, 10)
  if (!Number.isNaN(status)) return faultAnswer(pathOf(request), status, fault)
  if (fault.kind === 'slow') await wait(fault.ms ?? faultBounds.slowMsDefault)
  if (fault.kind !== 'reset' && fault.kind !== 'hang') return null
  front.seen.add(pathOf(request), 0)
  if (fault.kind === 'reset') await sendBroken('reset', reply, null)
  // The client gives up, or closing the stand-in ends the connection.
  else reply.hijack()
  return 'gone'
}

function faultAnswer(path: string, status: number, { kind }: Fault): Answer {
  const answer = errorAnswer({ status, message: `Ordered fault ${kind}` }, { terse: isTerse(path) })
  if (status !== 429) return answer
  return { ...answer, headers: { 'Retry-After': kind === '429-zero' ? '0' : '1' } }
}

async function answered(path: string, answer: () => Answer): Promise<Answer> {
  try {
    return answer()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return errorAnswer(error, { terse: isTerse(path) })
  }
}

function answerOf(front: Front, endpoint: Endpoint, { request, reply }: Exchange): Answer {
  const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ')
  if (scheme !== 'Bearer' || !front.tokens.holds(token)) throw new Refused(401, 'Unauthorized')
  limited(front, endpoint, { request, reply })
  const { world } = front
  const call: Call = {
    world,
    now: world.now(),
    scopes: front.scopes,
    account: front.account,
    params: request.params as Record<string, string>,
    query: request.query as Record<string, string | string[]>,
    url: request.url,
    origin: `http://${request.headers.host ?? 'localhost'}`,
    body: request.body,
  }
  if (endpoint.about === 'account') {
    scoped(front, endpoint)
    return endpoint.answer(call)
  }
  const restaurant = restaurantOf(call, restaurantHeader(request))
  scoped(front, endpoint)
  if (world.isArchived(restaurant) && endpoint.api !== 'restaurants') {
    throw new Refused(404, `Restaurant(${restaurant.guid}) has been deleted`)
  }
  return endpoint.answer({ ...call, restaurant })
}

/** Header names come in any case: clients must not rely on one. */
const headerCases = [
  (name: string) => name,
  (name: string) => name.toLowerCase(),
  (name: string) => name.toUpperCase(),
] as const

function limited(front: Front, endpoint: Endpoint, { request, reply }: Exchange): void {
  const standing = front.limit({
    subject: restaurantHeader(request) ?? request.ip,
    api: endpoint.api,
    endpoint: endpoint.limit ?? null,
  })
  const cased = headerCases[standing.remaining % headerCases.length] ?? headerCases[0]
  const set = (name: string, value: string | number) => {
    reply.raw.setHeader(cased(name), String(value))
  }
  set('X-Toast-RateLimit-By', standing.by)
  set('X-Toast-RateLimit-Remaining', standing.remaining)
  set('X-Toast-RateLimit-Reset', standing.resetSeconds)
  if (standing.allowed) return
  set('Retry-After', standing.retryAfterSeconds)
  throw new Refused(429, 'Too Many Requests')
}

function restaurantOf({ world, now }: Call, guid: string | null): Restaurant {
  if (guid === null) throw new Refused(400, 'Toast-Restaurant-External-ID header is required')
  const known = world.restaurants.find((each) => each.guid === guid)
  if (known === undefined || readableAt([known], now).length === 0) {
    throw new Refused(403, `Access to restaurant ${guid} is forbidden`)
  }
  return known
}

function scoped({ scopes }: Front, { scope }: Endpoint): void {
  if (scope !== null && !scopes.has(scope)) throw new Refused(403, `Missing scope ${scope}`)
}

function restaurantHeader({ headers }: FastifyRequest): string | null {
  const value = headers['toast-restaurant-external-id']
  return typeof value === 'string' ? value : null
}

export function pathOf({ url }: FastifyRequest): string {
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

function isTerse(path: string): boolean {
  return path.startsWith('/cashmgmt/')
}

function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error
  const code = status ? Number((error as { statusCode: unknown }).statusCode) : 500
  return code >= 400 && code < 600 ? code : 500
}
