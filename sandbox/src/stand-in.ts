import fastify from 'fastify'
import { control } from './http/control.ts'
import { type Fault, faultsOf } from './http/faults.ts'
import { type Limits, limiter, publishedLimits } from './http/limits.ts'
import { type RequestCounts, requestsSeen } from './http/requests-seen.ts'
import { pathOf, serve } from './http/serve.ts'
import { type Credentials, tokensOf } from './http/tokens.ts'
import { type SalesDay, salesByDay } from './truth/sales-truth.ts'
import { type TruthRow, truthOf } from './truth/truth.ts'

import { hourMs, minuteMs, readInstant } from './world/instants.ts'
import { worldOf } from './world/world.ts'

export type { SalesDay, TruthRow }

export type StandInOptions = {
  /** 0, the default, takes any free one. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** Restaurants connected at the start, 1 to 1000. Default 3. */
  restaurants?: number
  /** Per restaurant and business day, at most 4000. Default 30. */
  ordersPerDay?: number
  /** Business days of history before `now`, at most 3650. Default 30. */
  days?: number
  /** Default 1. The same options answer the same bytes. */
  seed?: number
  /** ISO 8601 instant at which the world stands; it moves only when advanced. */
  now?: string
  /** What the credentials are of; the partners API is for partners only. Default partner. */
  account?: 'partner' | 'group'
  /** Default: every scope that a reader can have. */
  scopes?: readonly string[]
  credentials?: Credentials
  /** Waited before each answer. Default 0. */
  latencyMs?: number
  /** Default: as published. What is left out stays as published; `off` allows everything. */
  limits?: Partial<Limits> | 'off'
  /** How long a token lives. Default a day. */
  tokenSeconds?: number
  /**
   * Whether, in a world of 3 restaurants or more, the second is removed and another connects about
   * 20 days after the start. Default true.
   */
  membershipMoves?: boolean
  /**
   * Minutes from a publish, which the menus' metadata announces at once, until the menus document
   * shows it, at most a day. Default 0.
   */
  menusBuiltAfterMinutes?: number
  /** Told a line for each request. Default: nobody. */
  log?: (line: string) => void
  /** The real clock in milliseconds, for rate limits and tokens. Default Date.now. */
  clock?: () => number
}

/** A running stand-in for the Toast API. */
export type StandIn = {
  /** `http://host:port` */
  url: string
  credentials: Credentials
  close(): Promise<void>
  /** Moves the world on, and the tokens' life with it. */
  advance(by: number | { hours: number }): void
  /** ISO 8601 instant at which the world stands. */
  now(): string
  /**
   * Archives these restaurants, and brings all others back: they stay connected and listed, their
   * details are not found, and every other call about them is refused.
   */
  archive(restaurants: readonly string[]): void
  orderFault(fault: Fault): void
  clearFaults(): void
  /** How often each path was answered with each status; status 0: the reply broke off. */
  requests(): RequestCounts
  clearRequests(): void
  /** What is so right now; see truth.ts for its tables. */
  truth(): AsyncIterable<TruthRow>
  /** Net sales by Toast's recipe. */
  salesByDay(): AsyncIterable<SalesDay>
}

export const readerScopes = [
  'cashmgmt:read',
  'config:read',
  'kitchen:read',
  'labor:read',
  'labor.employees:read',
  'menus:read',
  'orders:read',
  'restaurants:read',
  'stock:read',
  'guest.pi:read',
  'delivery_info.address:read',
] as const

export const defaultCredentials: Credentials = {
  clientId: 'regulars-sandbox',
  clientSecret: 'regulars-sandbox-secret',
}

/** A world of the default options stands at a Friday twelve days after clocks went forward. */
export const defaultNow = '2026-03-20T17:30:00.000Z'

/** Starts the stand-in; throws for options out of range. See control.ts for how it is steered. */
export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const world = worldOf(worldOptions(options))
  const startedAt = world.now()
  const { credentials = defaultCredentials, account = 'partner', clock = Date.now } = options
  const scopes = options.scopes ?? readerScopes
  const faults = faultsOf(world.seed)
  const seen = requestsSeen()
  const tokens = tokensOf({
    credentials,
    account,
    scopes,
    tokenSeconds: options.tokenSeconds ?? 86_400,
    guids: world.guids,
    now: () => clock() + world.now() - startedAt,
  })
  const visible = new Set(scopes)
  const steering = {
    now: world.now,
    advance: world.advance,
    archive: (restaurants: unknown) => world.archive(guidsIn(restaurants)),
    orderFault: faults.order,
    clearFaults: faults.clear,
    requests: seen.counts,
    clearRequests: seen.clear,
    truth: () => truthOf(world, visible),
    salesByDay: () => salesByDay(world),
  }
  const app = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 200 } })
  // Readers that go by the vendor's clock learn it here, as everywhere on the web.
  app.addHook('onSend', async (_request, reply) => {
    reply.header('date', new Date(world.now()).toUTCString())
  })
  app.addHook('onResponse', async (request, reply) => {
    const path = pathOf(request)
    if (path.startsWith('/__')) return
    seen.add(path, reply.statusCode)
    options.log?.(`${request.method} ${request.url} ${reply.statusCode}`)
  })
  control(app, steering)
  const latencyMs = options.latencyMs ?? 0
  const limit = limiter(limitsOf(options.limits), clock)
  serve(app, { world, account, scopes: visible, tokens, limit, faults, seen, latencyMs })
  const url = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' })
  return {
    ...steering,
    url,
    credentials,
    close: () => app.close(),
    advance: (by) => world.advance(typeof by === 'number' ? by : by.hours * hourMs),
    now: () => new Date(world.now()).toISOString(),
  }
}

function guidsIn(value: unknown): string[] {
  const isList = Array.isArray(value) && value.every((guid) => typeof guid === 'string')
  if (!isList) throw new Error('what is archived is a list of guids')
  return value
}

function worldOptions(options: StandInOptions) {
  const startAt = readInstant(options.now ?? defaultNow)
  if (startAt === null) throw new Error(`now must be an ISO 8601 instant: ${options.now}`)
  const within = (name: string, value: number, [least, most]: readonly [number, number]) => {
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new Error(`${name} must be a whole number from ${least} to ${most}`)
  }
  return {
    restaurantCount: within('restaurants', options.restaurants ?? 3, [1, 1000]),
    ordersPerDay: within('ordersPerDay', options.ordersPerDay ?? 30, [0, 4000]),
    days: within('days', options.days ?? 30, [0, 3650]),
    seed: within('seed', options.seed ?? 1, [0, 2 ** 31 - 1]),
    startAt,
    membershipMoves: options.membershipMoves ?? true,
    menusBuiltAfterMs:
      within('menusBuiltAfterMinutes', options.menusBuiltAfterMinutes ?? 0, [0, 24 * 60]) *
      minuteMs,
  }
}

function limitsOf(limits: Partial<Limits> | 'off' = {}): Limits {
  if (limits !== 'off') return { ...publishedLimits, ...limits }
  // A number that clients can read in the headers, and that no run comes near.
  const none = 1_000_000_000
  return {
    perSecond: none,
    perSlice: none,
    sliceSeconds: 900,
    ordersBulkPerSecond: none,
    menusPerSecond: none,
  }
}
