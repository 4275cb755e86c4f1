import { Type } from 'typebox'
import { identifier } from './fields.ts'

/** What names the business on every call that carries no store key. */
export const clientMember = {
  client: identifier({ description: 'The client id of the business.' }),
}

/** On online ordering an older per-guest token may stand in the body for the bearer token. */
export const onlineGuestCallMembers = {
  ...clientMember,
  authentication_token: Type.Optional(identifier()),
}
