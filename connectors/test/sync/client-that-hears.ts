import type { StandIn } from '@regulars/sandbox'
import { onTestFinished } from 'vitest'
import { openToastClient, type ToastClient } from '../../src/sync-toast.ts'
import { configurationFor } from './sync-toast.ts'

/** A reply as it is changed on its way; `restaurant` is the one it was asked about, if any. */
export type Heard = { path: string; restaurant: string | null; status: number; body: unknown }

/** A client of a stand-in that hears its replies changed: what `instead` gives stands in their place. */
export function clientThatHears(
  standIn: StandIn,
  instead: (heard: Heard) => Partial<Pick<Heard, 'status' | 'body'>>,
): ToastClient {
  const client = openToastClient(configurationFor(standIn))
  onTestFinished(() => client.close())
  const send: ToastClient['http']['send'] = async (url, options) => {
    const reply = await client.http.send(url, options)
    const restaurant = options.headers['toast-restaurant-external-id'] ?? null
    const said = { status: reply.status, body: JSON.parse(reply.body.toString('utf8') || 'null') }
    const heard = { ...said, ...instead({ path: url.pathname, restaurant, ...said }) }
    return { ...reply, status: heard.status, body: Buffer.from(JSON.stringify(heard.body)) }
  }
  return { ...client, http: { ...client.http, send } }
}
