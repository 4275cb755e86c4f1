import { businessDateAsked, money, text, timestamp } from '../../mapping/columns.ts'
import type { Columns, RecordShape } from '../../mapping/shape.ts'
import { entity, inReferences, inRestaurant, reference } from './reference.ts'

const root = { key: ['restaurant_id', 'id'], identity: 'required', ...inReferences } as const

/** Toast does not say which business date an entry is of: it is the one it was asked for under. */
export const cashEntry: RecordShape = {
  ...root,
  table: 'cash_entry',
  source: 'cashmgmt/v1/entries',
  columns: {
    ...inRestaurant,
    ...entity,
    ...businessDateAsked(),
    ...timestamp('date'),
    ...money('amount'),
    ...text('reason', 'type', 'undoes'),
    ...reference('cashDrawer', 'payoutReason', 'noSaleReason'),
    ...employeeReference('employee1', 'employee2'),
    ...employeeReference('creatorOrShiftReviewSubject', 'approverOrShiftReviewSubject'),
  },
}

export const cashDeposit: RecordShape = {
  ...root,
  table: 'cash_deposit',
  source: 'cashmgmt/v1/deposits',
  columns: {
    ...inRestaurant,
    ...entity,
    ...businessDateAsked(),
    ...timestamp('date'),
    ...money('amount'),
    ...text('undoes'),
    ...employeeReference('employee', 'creator'),
  },
}

function employeeReference(...paths: string[]): Columns {
  const columns = paths.map((path) => ({ ...reference(path), ...text(`${path}.externalId`) }))
  return Object.assign({}, ...columns)
}
