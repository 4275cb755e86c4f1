import { expect, test } from 'vitest'
import type { Unit } from '../src/destination.ts'
import { type FieldPolicy, withPolicy } from '../src/field-policy.ts'
import type { Row } from '../src/table.ts'
import { toastTables, unitOf } from '../src/toast/records.ts'

const at = { restaurantId: 'r', fetchedAt: '2026-11-20T12:00:00.000Z' }

function employee(policy: FieldPolicy, members: object): Row {
  const payload = { guid: 'e', modifiedDate: '2026-11-20T12:00:00.000Z', ...members }
  const unit: Unit = unitOf('employee', payload, at, () => {})
  return withPolicy(policy, toastTables)(unit).rows.get('employee')?.[0] ?? {}
}

const number = '555-0100'
const extras = [
  { what: 'a list', members: { phoneNumber: [number] }, kept: null },
  {
    what: 'a list beside another oddity',
    members: { phoneNumber: [number], odd: 1 },
    kept: '{"odd":1}',
  },
  {
    what: 'a member of a like name',
    members: { phoneNumberOld: number },
    kept: `{"phoneNumberOld":"${number}"}`,
  },
]
test.each(extras)(
  'what a dropped or hashed column could not take is not kept: $what',
  ({ members, kept }) => {
    for (const choice of ['drop', 'hash'] as const) {
      const row = employee(new Map([['employee.phone_number', choice]]), members)
      expect(row._extra ?? null).toBe(kept)
    }
  },
)

test('without a choice it is kept as it was sent', () => {
  const row = employee(new Map(), { phoneNumber: [number] })
  expect(row._extra).toBe(`{"phoneNumber":["${number}"]}`)
})

test('an object in which a dropped column would stand is not kept, nor what is below its path', () => {
  const declared = toastTables.find(({ name }) => name === 'employee')
  const tables = [{ ...declared!, sentAs: { phone_number: ['contact.phone'] } }]
  const extra = { contact: 'odd', 'contact.phone.home': 1, 'contact.mail': 2, 'contact.phone#': 3 }
  const rows = new Map([['employee', [{ _extra: JSON.stringify(extra) }]]])
  const unit: Unit = {
    table: 'employee',
    location: 'r',
    id: 'e',
    version: '',
    hash: '',
    deletedAt: null,
    rows,
  }
  const applied = withPolicy(new Map([['employee.phone_number', 'drop']]), tables)(unit)
  expect(applied.rows.get('employee')).toEqual([{ _extra: '{"contact.mail":2}' }])
})
