import { Type } from 'typebox'
import { choice, instantWithOffset, integer, text } from './fields.ts'
import { nullable, type Operation, wireMoment } from './operation.ts'

const clock = Type.Object({
  now: wireMoment,
  ahead_seconds: Type.Integer({ description: 'How far the clock was turned, in all.' }),
})

const shared = { surface: 'ours', auth: 'none' } as const

/** Reads the clock of the practice mode. */
export const sandboxClock = {
  ...shared,
  name: 'sandbox-clock',
  method: 'GET',
  path: '/sandbox/clock',
  summary: 'Read the clock',
  request: Type.Object({}),
  replies: { 200: clock },
  refusals: [],
} as const satisfies Operation

/** Turns the clock forward; what falls due by then has happened before the reply. */
export const sandboxTurnClock = {
  ...shared,
  name: 'sandbox-clock-turn',
  method: 'POST',
  path: '/sandbox/clock',
  summary: 'Turn the clock forward',
  request: Type.Object({
    forward_seconds: Type.Optional(integer()),
    to: Type.Optional(instantWithOffset({ description: 'A later moment than now.' })),
  }),
  replies: { 200: clock },
  refusals: ['missing_parameter', 'clock_backwards'],
} as const satisfies Operation

/** What can be made to go wrong with the next commit. */
export const faultKinds = ['drop_before', 'drop_after', 'delay'] as const

/** Orders a fault for the next commit: the connection dropped before or after it, or a delay. */
export const sandboxOrderFault = {
  ...shared,
  name: 'sandbox-faults',
  method: 'POST',
  path: '/sandbox/faults',
  summary: 'Make the next commit go wrong',
  request: Type.Object({
    kind: choice(faultKinds),
    delay_ms: Type.Optional(integer({ description: 'For a delay; at most 60,000.' })),
    business: Type.Optional(
      text({ description: "The business's id in its program file; any without it." }),
    ),
  }),
  replies: {
    201: Type.Object({
      kind: Type.Enum([...faultKinds]),
      delay_ms: nullable(Type.Integer()),
      business: nullable(Type.String()),
    }),
  },
  refusals: ['missing_parameter'],
} as const satisfies Operation

/** Reads the one-time codes that would have been sent, newest first. */
export const sandboxOutbox = {
  ...shared,
  name: 'sandbox-outbox',
  method: 'GET',
  path: '/sandbox/outbox',
  summary: 'Read the one-time codes that were sent',
  request: Type.Object({}),
  replies: {
    200: Type.Object({
      messages: Type.Array(
        Type.Object({
          channel: Type.Union([Type.Literal('email'), Type.Literal('sms')]),
          to: Type.String(),
          code: Type.String(),
          sent_at: wireMoment,
        }),
      ),
    }),
  },
  refusals: [],
} as const satisfies Operation
