import { Type } from 'typebox'
import { flag, integer, text } from './fields.ts'
import { accountBalance, wireDate } from './guests.ts'
import { emptyBody, nullable, type Operation, wireMoment } from './operation.ts'

/** Bans a guest from earning and redeeming. */
export const adminBanGuest = {
  name: 'admin-users-ban',
  method: 'POST',
  path: '/api2/dashboard/users/ban',
  surface: 'admin',
  auth: 'admin_key',
  summary: 'Ban a guest',
  request: Type.Object({
    user_id: integer(),
    reason: text(),
    ban_all_associated_devices: Type.Optional(flag()),
  }),
  replies: { 202: emptyBody },
  refusals: ['missing_parameter', 'user_not_found'],
} as const satisfies Operation

/** Lets a banned guest back in. */
export const adminUnbanGuest = {
  name: 'admin-users-unban',
  method: 'DELETE',
  path: '/api2/dashboard/users/ban',
  surface: 'admin',
  auth: 'admin_key',
  summary: 'Lift the ban of a guest',
  request: Type.Object({ user_id: integer() }),
  replies: { 200: emptyBody },
  refusals: ['missing_parameter', 'user_not_found'],
} as const satisfies Operation

/** Erases the contact data of a guest; the entries of the ledger stay. */
export const adminDeleteGuest = {
  name: 'admin-users-delete',
  method: 'DELETE',
  path: '/api2/dashboard/users',
  surface: 'admin',
  auth: 'admin_key',
  summary: "Erase a guest's contact data",
  request: Type.Object({ user_id: integer() }),
  replies: { 200: Type.Object({}) },
  refusals: ['missing_parameter', 'user_not_found'],
} as const satisfies Operation

/** Reads one guest by id, phone or e-mail. */
export const adminGuestInfo = {
  name: 'admin-users-info',
  method: 'GET',
  path: '/api2/dashboard/users/info',
  surface: 'admin',
  auth: 'admin_key',
  summary: 'Read a guest',
  request: Type.Object({
    user_id: Type.Optional(integer({ description: 'One of user_id, phone and email.' })),
    phone: Type.Optional(text()),
    email: Type.Optional(text()),
  }),
  replies: {
    200: Type.Object({
      user_id: Type.Integer(),
      email: nullable(Type.String()),
      phone: nullable(Type.String()),
      first_name: nullable(Type.String()),
      last_name: nullable(Type.String()),
      birthday: nullable(wireDate),
      banned: Type.Boolean(),
      ban_reason: nullable(Type.String()),
      account_balance: accountBalance,
      created_at: wireMoment,
      updated_at: wireMoment,
    }),
  },
  refusals: ['missing_parameter', 'user_not_found'],
} as const satisfies Operation
