import { Type } from 'typebox'
import { integer } from './fields.ts'
import { nullable, type Operation, wireMoment } from './operation.ts'

/** The most entries that one page of a ledger may ask for, and how many it has otherwise. */
export const ledgerPage = { entriesMax: 500, entriesByDefault: 100 } as const

const amount = { description: 'Currency and fuel in decimal currency.' }

const entry = Type.Object({
  seq: Type.Integer({ description: "The entry's place in the guest's ledger, from 1." }),
  unit: Type.String({ description: 'points, visits, currency or fuel.' }),
  from: Type.String({ description: 'The account the amount left.' }),
  to: Type.String({ description: 'The account it reached.' }),
  amount: Type.Number(amount),
  lot_no: Type.Integer({ description: 'The lot it came in with or was taken from.' }),
  cause: Type.String({ description: 'What made the entry, such as checkin or redemption.' }),
  cause_id: Type.Integer({ description: 'The id of what made it.' }),
  due_at: wireMoment,
  recorded_at: wireMoment,
  hash: Type.String({ description: "SHA-256 over this entry and the earlier one's hash." }),
})

const balance = Type.Object({
  available: Type.Number(amount),
  pending: Type.Number(),
  owed: Type.Number(),
})

/** Reads a guest's ledger, oldest entry first. Ours. */
export const adminLedger = {
  name: 'admin-ledger',
  method: 'GET',
  path: '/regulars/ledger/{guest_id}',
  surface: 'ours',
  auth: 'admin_key',
  summary: 'Read the ledger of a guest',
  params: Type.Object({ guest_id: integer() }),
  request: Type.Object({
    after: Type.Optional(integer({ description: 'Only entries with a higher seq.' })),
    limit: Type.Optional(
      integer({
        description: `At most so many entries: ${ledgerPage.entriesByDefault} when it is not sent, never more than ${ledgerPage.entriesMax}.`,
      }),
    ),
  }),
  replies: {
    200: Type.Object({
      user_id: Type.Integer(),
      balances: Type.Object({ points: balance, visits: balance, currency: balance, fuel: balance }),
      entries: Type.Array(entry),
      next_after: nullable(
        Type.Integer({
          description: 'What to send as `after` for the next page; null at the end.',
        }),
      ),
    }),
  },
  refusals: ['missing_parameter', 'user_not_found'],
} as const satisfies Operation
