import { afterAll } from 'vitest'
import { type StandIn, type StandInOptions, startStandIn } from '../src/stand-in.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests read bodies of every shape
export type Body = any

export type Reply = { status: number; headers: Headers; body: Body; text: string }

export type Client = {
  standIn: StandIn
  token: string
  /** A GET about a restaurant by its number, or about none. */
  get(path: string, restaurant?: number | string | null): Promise<Reply>
  /** Every page of a list with page tokens. */
  all(path: string, restaurant: number): Promise<Body[]>
  restaurants: string[]
}

/** A small world with no rate limits unless asked for. */
export const small: StandInOptions = { restaurants: 3, ordersPerDay: 12, days: 12, limits: 'off' }

const started: StandIn[] = []

afterAll(async () => {
  await Promise.all(started.map((standIn) => standIn.close()))
})

/** A running stand-in with a client that is logged in. */
export async function connected(options: StandInOptions = {}): Promise<Client> {
  const standIn = await startStandIn({ ...small, ...options })
  started.push(standIn)
  const login = await logIn(standIn)
  const token = login.body.token.accessToken as string
  const restaurants: string[] = []
  const get: Client['get'] = (path, restaurant = null) => {
    const guid = typeof restaurant === 'number' ? restaurants[restaurant] : restaurant
    return call(standIn, path, {
      authorization: `Bearer ${token}`,
      ...(guid == null ? {} : { 'Toast-Restaurant-External-ID': guid }),
    })
  }
  const all: Client['all'] = async (path, restaurant) => {
    const things: Body[] = []
    let page: string | null = ''
    while (page !== null) {
      const reply = await get(`${path}${page}`, restaurant)
      things.push(...reply.body)
      const next = reply.headers.get('toast-next-page-token')
      page = next === null ? null : `${path.includes('?') ? '&' : '?'}pageToken=${next}`
    }
    return things
  }
  const listed = await get('/partners/v1/restaurants')
  for (const { restaurantGuid } of listed.status === 200 ? listed.body : [])
    restaurants.push(restaurantGuid)
  return { standIn, token, get, all, restaurants }
}

export async function logIn(standIn: StandIn, secret?: string): Promise<Reply> {
  const response = await fetch(`${standIn.url}/authentication/v1/authentication/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      clientId: standIn.credentials.clientId,
      clientSecret: secret ?? standIn.credentials.clientSecret,
      userAccessType: 'TOAST_MACHINE_CLIENT',
    }),
  })
  return read(response)
}

export async function call(
  standIn: StandIn,
  path: string,
  headers: Record<string, string>,
  init: RequestInit = {},
): Promise<Reply> {
  return read(await fetch(`${standIn.url}${path}`, { ...init, headers }))
}

async function read(response: Response): Promise<Reply> {
  const text = await response.text()
  let body: Body = null
  try {
    body = JSON.parse(text)
  } catch {
    // The text says what came instead.
  }
  return { status: response.status, headers: response.headers, body, text }
}

export async function collected<Thing>(things: AsyncIterable<Thing>): Promise<Thing[]> {
  const list: Thing[] = []
  for await (const thing of things) list.push(thing)
  return list
}
