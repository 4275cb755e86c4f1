import { type Static, type TSchema, Type } from 'typebox'
import type { RefusalCode } from '../refusals.ts'

/** Which family of callers a path belongs to; it decides headers, keys and the shape of errors. */
export type Surface = 'pos' | 'online_ordering' | 'mobile' | 'otp' | 'admin' | 'ours'

/**
 * What a call proves: nothing; the store and business keys; the client with its digest; the guest's
 * bearer token with the digest; the client alone; an admin key.
 */
export type Auth =
  | 'none'
  | 'location_key'
  | 'signed_client'
  | 'signed_guest'
  | 'client'
  | 'admin_key'

/** Everything that can be said about one operation without running it. */
export type Operation = {
  /** Unique, the stem of its examples' file names. */
  name: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As OpenAPI writes it: `/api/pos/batch_redemptions/{redemption_ref}`. */
  path: string
  surface: Surface
  auth: Auth
  summary: string
  /** Members of the path, read like the request. */
  params?: TSchema
  /** What is read from the body and the query string together, whatever the method. */
  request: TSchema
  /** The body per status of success; `Type.Null()` where the body is empty. */
  replies: Readonly<Record<number, TSchema>>
  /** What this operation says no with, besides what every call of its surface can. */
  refusals: readonly RefusalCode[]
}

/** An operation's request once read: amounts in cents, moments with their offsets, one kind of line. */
export type RequestOf<Known extends Operation> = Static<Known['request']>

/** The body an operation replies with when it succeeds. */
export type ReplyOf<Known extends Operation> = Static<
  Known['replies'][keyof Known['replies']] & TSchema
>

/** A moment as replies write it: UTC without fractional seconds. */
export const wireMoment = Type.String({ format: 'date-time' })

/** A reply without a body. */
export const emptyBody = Type.Null({ description: 'No body.' })

/** A reply's member that may be null. */
export function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()])
}
