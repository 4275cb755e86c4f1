import { Type } from 'typebox'
import { clientMember } from './client.ts'
import { choice, flag, identifier, text } from './fields.ts'
import type { Operation } from './operation.ts'

const contactMembers = {
  email: Type.Optional(text()),
  phone_number: Type.Optional(text({ aliases: ['phone'] })),
  phone_ext: Type.Optional(text({ description: 'With the plus sign, such as +1.' })),
}

const consentMembers = {
  privacy_policy: flag({ missing: 'privacy_policy', unreadable: 'privacy_policy' }),
  terms_and_conditions: flag({
    missing: 'terms_and_conditions',
    unreadable: 'terms_and_conditions',
  }),
}

const tokens = Type.Object({
  data: Type.Object({
    access_token: Type.String(),
    token_type: Type.Literal('Bearer'),
    refresh_token: Type.String(),
    expires_in: Type.Integer({ description: 'Seconds.' }),
    id_token: Type.Optional(Type.String()),
  }),
})

/**
 * Sends a one-time code by e-mail or SMS. `code_challenge`, `code_challenge_method`,
 * `validation_method` and the reply are names of ours: theirs are not published.
 */
export const sendOneTimeCode = {
  name: 'password-less-token',
  method: 'POST',
  path: '/api2/password_less/token',
  surface: 'otp',
  auth: 'client',
  summary: 'Send a one-time code to a guest',
  request: Type.Object({
    ...clientMember,
    validation_method: choice(['otp'], {
      missing: 'otp_method_missing',
      unreadable: 'otp_method_missing',
      aliases: ['validation_type', 'method'],
    }),
    ...contactMembers,
    ...consentMembers,
    code_challenge: identifier({ aliases: ['challenge', 'pkce_code_challenge'] }),
    code_challenge_method: Type.Optional(
      choice(['S256', 'plain'], { description: 'S256 when it is not sent.' }),
    ),
  }),
  replies: {
    200: Type.Object({
      data: Type.Object({ expires_in: Type.Integer({ description: 'Seconds. Ours.' }) }),
    }),
  },
  refusals: [
    'missing_parameter',
    'otp_disabled',
    'otp_channel_missing',
    'otp_method_missing',
    'privacy_policy',
    'terms_and_conditions',
    'otp_too_many',
  ],
} as const satisfies Operation

/** Trades the code and the PKCE verifier for tokens; an unknown contact becomes a guest. */
export const verifyOneTimeCode = {
  name: 'password-less-verify',
  method: 'POST',
  path: '/api2/password_less/verify',
  surface: 'otp',
  auth: 'client',
  summary: 'Trade a one-time code for tokens',
  request: Type.Object({
    ...clientMember,
    code_verifier: identifier(),
    token: identifier({
      description: 'The code the guest received. The name is ours.',
      aliases: ['otp', 'code', 'verification_code'],
    }),
    ...contactMembers,
    ...consentMembers,
  }),
  replies: { 200: tokens },
  refusals: [
    'missing_parameter',
    'otp_disabled',
    'otp_channel_missing',
    'otp_invalid',
    'otp_attempts',
    'privacy_policy',
    'terms_and_conditions',
    'guest_banned_code',
  ],
} as const satisfies Operation

/** Trades a refresh token for new tokens; both change. */
export const refreshTokens = {
  name: 'password-less-refresh',
  method: 'POST',
  path: '/api2/password_less/refresh_token',
  surface: 'otp',
  auth: 'client',
  summary: 'Renew the tokens of a guest',
  request: Type.Object({ ...clientMember, refresh_token: identifier() }),
  replies: { 200: tokens },
  refusals: ['missing_parameter', 'otp_disabled', 'invalid_refresh_token'],
} as const satisfies Operation
