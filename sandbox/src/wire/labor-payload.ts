import type { CashDeposit, CashEntry } from '../world/cash.ts'
import { configGuid } from '../world/config-entities.ts'
import { type Employee, type Job, jobGuid } from '../world/employees.ts'
import type { Facts } from '../world/facts.ts'
import { dateNumber, epochTime, toastTime, toastTimeOrNull } from '../world/instants.ts'
import type { Break, Shift, TimeEntry } from '../world/labor.ts'
import { dollars, dollarsOrNull } from './numbers.ts'
import { employeeReference, jobReference, referencesOf } from './references.ts'

type Payload = Record<string, unknown>

export function employeePayload(facts: Facts, restaurant: number, employee: Employee): Payload {
  const job = (number: number) => jobReference(jobGuid(facts, restaurant, number))
  return {
    ...employeeReference(employee.guid),
    createdDate: toastTime(employee.createdAt),
    modifiedDate: toastTime(employee.modifiedAt),
    deletedDate: employee.deletedAt === null ? epochTime : toastTime(employee.deletedAt),
    deleted: employee.deletedAt !== null,
    firstName: employee.firstName,
    chosenName: employee.chosenName,
    lastName: employee.lastName,
    email: employee.email,
    phoneNumber: employee.phone,
    phoneNumberCountryCode: employee.phone === null ? null : '+1',
    externalEmployeeId: employee.payrollId,
    v2EmployeeGuid: employee.personGuid,
    jobReferences: employee.jobs.map(job),
    // Whoever has the job's own wage has null here as often as an empty list.
    wageOverrides:
      employee.wages.length === 0 && employee.number % 4 === 0
        ? null
        : employee.wages.map((wage) => ({
            wage: dollars(wage.cents),
            jobReference: job(wage.job),
          })),
  }
}

export function jobPayload(job: Job): Payload {
  return {
    ...jobReference(job.guid),
    createdDate: toastTime(job.createdAt),
    modifiedDate: toastTime(job.modifiedAt),
    deletedDate: job.deletedAt === null ? epochTime : toastTime(job.deletedAt),
    deleted: job.deletedAt !== null,
    title: job.title,
    code: job.code,
    wageFrequency: job.salaried ? 'SALARY' : 'HOURLY',
    defaultWage: dollarsOrNull(job.wageCents),
    tipped: job.tipped,
    excludeFromReporting: job.excluded,
  }
}

export function shiftPayload(shift: Shift): Payload {
  const { config } = shift
  return {
    guid: shift.guid,
    entityType: 'Shift',
    externalId: null,
    createdDate: toastTime(shift.createdAt),
    modifiedDate: toastTime(shift.modifiedAt),
    deletedDate: toastTimeOrNull(shift.deletedAt),
    deleted: shift.deletedAt !== null,
    employeeReference: employeeReference(shift.employeeGuid),
    jobReference: jobReference(shift.jobGuid),
    inDate: toastTime(shift.inAt),
    outDate: toastTime(shift.outAt),
    scheduleConfig:
      config === null
        ? null
        : {
            guid: config.guid,
            minBeforeClockIn: config.minutes,
            minAfterClockIn: config.minutes,
            minBeforeClockOut: config.minutes,
            minAfterClockOut: config.minutes,
          },
  }
}

export function timeEntryPayload(
  facts: Facts,
  restaurant: number,
  { entry, missedBreaks }: { entry: TimeEntry; missedBreaks: boolean },
): Payload {
  return {
    guid: entry.guid,
    entityType: 'TimeEntry',
    externalId: null,
    createdDate: toastTime(entry.createdAt),
    modifiedDate: toastTime(entry.modifiedAt),
    deletedDate: toastTimeOrNull(entry.deletedAt),
    deleted: entry.deletedAt !== null,
    employeeReference: employeeReference(entry.employeeGuid),
    jobReference: entry.jobGuid === null ? null : jobReference(entry.jobGuid),
    shiftReference: shiftReference(entry),
    inDate: toastTime(entry.inAt),
    outDate: toastTimeOrNull(entry.outAt),
    autoClockedOut: entry.autoClockedOut,
    businessDate: String(dateNumber(entry.businessDay)),
    regularHours: entry.regularHours,
    overtimeHours: entry.overtimeHours,
    hourlyWage: dollarsOrNull(entry.wageCents),
    cashSales: dollars(entry.cashSalesCents),
    nonCashSales: dollars(entry.cardSalesCents),
    declaredCashTips: dollars(entry.declaredTipsCents),
    nonCashTips: dollars(entry.cardTipsCents),
    cashGratuityServiceCharges: dollars(entry.cashGratuityCents),
    nonCashGratuityServiceCharges: dollars(entry.cardGratuityCents),
    tipsWithheld: dollars(entry.withheldCents),
    nonCashTipsRoundingLoss: null,
    breaks: entry.breaks
      .filter(({ missed }) => missedBreaks || !missed)
      .map((each) => breakPayload(facts, restaurant, each)),
  }
}

function shiftReference({ shiftGuid, bareShift }: TimeEntry): unknown {
  if (shiftGuid === null || bareShift) return shiftGuid
  return { guid: shiftGuid, entityType: 'Shift', externalId: null }
}

function breakPayload(facts: Facts, restaurant: number, each: Break): Payload {
  return {
    ...(each.guid === null ? {} : { guid: each.guid }),
    breakType: {
      guid: configGuid(facts, restaurant, 'breakTypes', each.type),
      entityType: 'BreakType',
    },
    paid: each.paid,
    inDate: toastTimeOrNull(each.inAt),
    outDate: toastTimeOrNull(each.outAt),
    missed: each.missed,
    waived: each.waived,
    auditResponse: null,
  }
}

export function cashEntryPayload(facts: Facts, restaurant: number, entry: CashEntry): Payload {
  const { ref } = referencesOf(facts, restaurant)
  const person = (guid: string | null) => (guid === null ? null : employeeReference(guid))
  return {
    guid: entry.guid,
    entityType: 'CashEntry',
    amount: dollars(entry.cents),
    reason: entry.reason,
    date: toastTime(entry.at),
    type: entry.type,
    cashDrawer: entry.drawer === null ? null : ref('cashDrawers', entry.drawer),
    payoutReason: entry.payoutReason === null ? null : ref('payoutReasons', entry.payoutReason),
    noSaleReason: entry.noSaleReason === null ? null : ref('noSaleReasons', entry.noSaleReason),
    undoes: entry.undoes,
    employee1: person(entry.employee1),
    employee2: person(entry.employee2),
    creatorOrShiftReviewSubject: bareReference(entry.creator),
    approverOrShiftReviewSubject: null,
  }
}

export function cashDepositPayload(deposit: CashDeposit): Payload {
  return {
    guid: deposit.guid,
    entityType: 'DepositEntry',
    amount: dollars(deposit.cents),
    date: toastTime(deposit.at),
    employee: employeeReference(deposit.employee),
    creator: bareReference(deposit.creator),
    undoes: deposit.undoes,
  }
}

function bareReference(guid: string | null): Payload | null {
  return guid === null ? null : { guid, entityType: 'RestaurantUser' }
}
