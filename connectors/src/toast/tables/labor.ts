import {
  as,
  boolean,
  businessDate,
  given,
  json,
  money,
  number,
  personal,
  text,
  timestamp,
} from '../../mapping/columns.ts'
import type { RecordShape, Shape } from '../../mapping/shape.ts'
import { externalEntity, inReferences, inRestaurant, ordinal, reference } from './reference.ts'

const root = { key: ['restaurant_id', 'id'], identity: 'required', ...inReferences } as const

export const job: RecordShape = {
  ...root,
  table: 'job',
  source: 'labor/v1/jobs',
  versionFrom: 'modifiedDate',
  columns: {
    ...inRestaurant,
    ...externalEntity,
    ...timestamp('createdDate', 'modifiedDate', 'deletedDate'),
    ...boolean('deleted', 'excludeFromReporting', 'tipped'),
    ...text('code', 'title', 'wageFrequency'),
    ...money('defaultWage'),
  },
}

const ofEmployee = given('employee_id', 'text', { given: 'parentId' })

/** A job an employee can clock in for. */
const employeeJobReference: Shape = {
  table: 'employee_job_reference',
  source: 'employees[].jobReferences[]',
  key: ['restaurant_id', 'employee_id', 'id'],
  identity: 'generated',
  columns: {
    ...inRestaurant,
    ...ofEmployee,
    id: { type: 'text', from: 'guid', isReference: true },
    ...text('entityType'),
  },
  ...inReferences,
}

/** What an employee earns in a job, where it differs from the job's own wage. */
const employeeWageOverride: Shape = {
  table: 'employee_wage_override',
  source: 'employees[].wageOverrides[]',
  key: ['restaurant_id', 'employee_id', 'id'],
  identity: 'generated',
  columns: {
    ...inRestaurant,
    ...ofEmployee,
    ...as('id', 'text', 'jobReference.guid'),
    ...personal(money('wage')),
    ...as('entity_type', 'text', 'jobReference.entityType'),
  },
  ...inReferences,
}

export const employee: RecordShape = {
  ...root,
  table: 'employee',
  source: 'labor/v1/employees',
  versionFrom: 'modifiedDate',
  columns: {
    ...inRestaurant,
    ...externalEntity,
    ...timestamp('createdDate', 'modifiedDate', 'deletedDate'),
    ...boolean('deleted', 'disabled'),
    ...personal(text('firstName', 'lastName', 'chosenName', 'email', 'phoneNumber')),
    ...text('phoneNumberCountryCode', 'externalEmployeeId', 'v2EmployeeGuid'),
    ...json('jobReferences'),
    ...personal(json('wageOverrides')),
  },
  parts: [
    { from: 'jobReferences', as: 'list', shape: () => employeeJobReference, isSet: true },
    { from: 'wageOverrides', as: 'list', shape: () => employeeWageOverride, isSet: true },
  ],
  // Published, and never sent: it would be a secret.
  dropped: [...inReferences.dropped, 'passcode'],
}

export const shift: RecordShape = {
  ...root,
  table: 'shift',
  source: 'labor/v1/shifts',
  versionFrom: 'modifiedDate',
  columns: {
    ...inRestaurant,
    ...externalEntity,
    ...timestamp('createdDate', 'modifiedDate', 'deletedDate', 'inDate', 'outDate'),
    ...boolean('deleted'),
    ...reference('employeeReference', 'jobReference'),
    ...text('scheduleConfig.guid'),
    ...number('scheduleConfig.minBeforeClockIn', 'scheduleConfig.minAfterClockIn'),
    ...number('scheduleConfig.minBeforeClockOut', 'scheduleConfig.minAfterClockOut'),
  },
}

/** A break has no id one could rely on: its place in the time entry is its key. */
const timeEntryBreak: Shape = {
  table: 'break',
  source: 'timeEntries[].breaks[]',
  key: ['restaurant_id', 'time_entry_id', 'ordinal'],
  identity: 'none',
  columns: {
    ...inRestaurant,
    ...given('time_entry_id', 'text', { given: 'parentId' }),
    ...ordinal,
    ...text('guid'),
    ...timestamp('inDate', 'outDate'),
    ...boolean('paid', 'missed', 'waived', 'auditResponse'),
    ...reference('breakType'),
  },
  ...inReferences,
}

export const timeEntry: RecordShape = {
  ...root,
  table: 'time_entry',
  source: 'labor/v1/timeEntries',
  versionFrom: 'modifiedDate',
  columns: {
    ...inRestaurant,
    ...externalEntity,
    ...timestamp('createdDate', 'modifiedDate', 'deletedDate', 'inDate', 'outDate'),
    ...boolean('autoClockedOut', 'deleted'),
    ...businessDate('businessDate'),
    ...number('regularHours', 'overtimeHours'),
    ...personal(money('hourlyWage')),
    ...money('cashSales', 'nonCashSales', 'declaredCashTips', 'nonCashTips'),
    ...money('nonCashTipsRoundingLoss', 'cashGratuityServiceCharges'),
    ...money('nonCashGratuityServiceCharges', 'tipsWithheld'),
    ...json('breaks'),
    ...reference('employeeReference', 'jobReference', 'shiftReference'),
  },
  parts: [{ from: 'breaks', as: 'list', shape: () => timeEntryBreak }],
}
