import type { Refusal } from '@regulars/contract/refusals'
import type { Operation } from '@regulars/contract/wire/operation'
import type { Static, TSchema } from 'typebox'
import type { Deps } from '../deps.ts'
import type { Location } from '../store/callers.ts'

/** Who calls, as far as the operation's kind of key proves it. */
export type Caller = {
  none: null
  location_key: { businessId: number; location: Location }
  signed_client: { businessId: number; clientId: string }
  signed_guest: { businessId: number; clientId: string; guestId: number }
  client: { businessId: number; clientId: string }
  admin_key: { businessId: number }
}

/** One call of one operation, read and proven. */
export type Call<Op extends Operation = Operation> = {
  caller: Caller[Op['auth']]
  request: Static<Op['request']>
  params: Op extends { params: infer Params extends TSchema } ? Static<Params> : undefined
  /** The Accept-Language header; null when there is none. */
  language: string | null
  /** True for `Prefer: explain`. */
  explains: boolean
  /** `punchh-app-device-id`; null when there is none. */
  deviceId: string | null
  /** True for a browser: `Accept` names HTML. */
  wantsPage: boolean
  requestId: string
}

/**
 * A reply of an operation. `stored` marks what an earlier call with the same key was answered; with
 * a `contentType` the body is text that is sent as it is.
 */
export type Reply = {
  kind: 'reply'
  status: number
  body: unknown
  stored?: boolean
  contentType?: string
}

export type Handler<Op extends Operation = Operation> = (
  deps: Deps,
  call: Call<Op>,
) => Promise<Reply | Refusal>

/** An operation of the wire and what answers it. */
export type Route = { operation: Operation; handle: Handler }

/** Binds a handler to its operation, so that the handler's types are the operation's. */
export function route<const Op extends Operation>(operation: Op, handle: Handler<Op>): Route {
  return { operation, handle: handle as unknown as Handler }
}

export function ok(body: unknown): Reply {
  return { kind: 'reply', status: 200, body }
}
