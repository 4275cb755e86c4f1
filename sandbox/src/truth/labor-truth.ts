import { cashDepositsOf, cashEntriesOf } from '../world/cash.ts'
import { type Employee, employeesOf, jobGuid, jobsOf } from '../world/employees.ts'
import { type Shift, shiftsOf, type TimeEntry, timeEntriesOf } from '../world/labor.ts'
import { rowOf, type TruthRow } from './truth-row.ts'
import { bothDates, instant, instantOrNull, money, moneyOrNull } from './values.ts'
import type { Where } from './where.ts'

/** People and jobs that are not archived. */
export function* staffTruth(where: Where, now: number): Iterable<TruthRow> {
  const { facts, restaurant } = where
  for (const job of jobsOf(facts, restaurant.index, now)) {
    if (job.deletedAt !== null) continue
    yield rowOf('job', {
      restaurant_id: restaurant.guid,
      id: job.guid,
      title: job.title,
      code: job.code,
      default_wage: moneyOrNull(job.wageCents),
      tipped: job.tipped,
      wage_frequency: job.salaried ? 'SALARY' : 'HOURLY',
      modified_date: instant(job.modifiedAt),
    })
  }
  for (const employee of employeesOf(facts, restaurant.index, now)) {
    if (employee.deletedAt === null) yield* employeeTruth(where, employee)
  }
}

function* employeeTruth({ facts, restaurant }: Where, employee: Employee): Iterable<TruthRow> {
  const restaurant_id = restaurant.guid
  yield rowOf('employee', {
    restaurant_id,
    id: employee.guid,
    first_name: employee.firstName,
    chosen_name: employee.chosenName,
    last_name: employee.lastName,
    email: employee.email,
    phone_number: employee.phone,
    external_employee_id: employee.payrollId,
    v_2_employee_guid: employee.personGuid,
    created_date: instant(employee.createdAt),
    modified_date: instant(employee.modifiedAt),
  })
  for (const job of employee.jobs) {
    yield rowOf('employee_job_reference', {
      restaurant_id,
      employee_id: employee.guid,
      id: jobGuid(facts, restaurant.index, job),
    })
  }
  for (const { job, cents } of employee.wages) {
    yield rowOf('employee_wage_override', {
      restaurant_id,
      employee_id: employee.guid,
      id: jobGuid(facts, restaurant.index, job),
      wage: money(cents),
    })
  }
}

/** The shifts, time entries, cash entries and deposits of a day that are not deleted. */
export function* dayTruth(where: Where, day: number, now: number): Iterable<TruthRow> {
  const { facts, restaurant } = where
  for (const shift of shiftsOf(facts, restaurant, { day, now })) {
    if (shift.deletedAt === null) yield shiftRow(where, shift)
  }
  for (const entry of timeEntriesOf(facts, restaurant, { day, now })) {
    if (entry.deletedAt === null) yield* timeEntryTruth(where, entry)
  }
  yield* cashTruth(where, day, now)
}

function shiftRow({ restaurant }: Where, shift: Shift): TruthRow {
  return rowOf('shift', {
    restaurant_id: restaurant.guid,
    id: shift.guid,
    employee_reference_id: shift.employeeGuid,
    job_reference_id: shift.jobGuid,
    in_date: instant(shift.inAt),
    out_date: instant(shift.outAt),
    created_date: instant(shift.createdAt),
    modified_date: instant(shift.modifiedAt),
    schedule_config_id: shift.config?.guid ?? null,
  })
}

function* timeEntryTruth({ restaurant, config }: Where, entry: TimeEntry): Iterable<TruthRow> {
  const restaurant_id = restaurant.guid
  yield rowOf('time_entry', {
    restaurant_id,
    id: entry.guid,
    employee_reference_id: entry.employeeGuid,
    job_reference_id: entry.jobGuid,
    shift_reference_id: entry.shiftGuid,
    in_date: instant(entry.inAt),
    out_date: instantOrNull(entry.outAt),
    created_date: instant(entry.createdAt),
    modified_date: instant(entry.modifiedAt),
    auto_clocked_out: entry.autoClockedOut,
    ...bothDates('business', entry.businessDay),
    regular_hours: hours(entry.regularHours),
    overtime_hours: hours(entry.overtimeHours),
    hourly_wage: moneyOrNull(entry.wageCents),
    cash_sales: money(entry.cashSalesCents),
    non_cash_sales: money(entry.cardSalesCents),
    declared_cash_tips: money(entry.declaredTipsCents),
    non_cash_tips: money(entry.cardTipsCents),
    cash_gratuity_service_charges: money(entry.cashGratuityCents),
    non_cash_gratuity_service_charges: money(entry.cardGratuityCents),
    tips_withheld: money(entry.withheldCents),
  })
  for (const [ordinal, each] of entry.breaks.entries()) {
    yield rowOf('break', {
      restaurant_id,
      time_entry_id: entry.guid,
      ordinal,
      id: each.guid,
      break_type_id: config('breakTypes', each.type),
      paid: each.paid,
      missed: each.missed,
      in_date: instantOrNull(each.inAt),
      out_date: instantOrNull(each.outAt),
    })
  }
}

/** The world keeps ten decimals. */
function hours(value: number): string {
  return value.toFixed(10).replace(/\.?0+$/, '')
}

function* cashTruth(where: Where, day: number, now: number): Iterable<TruthRow> {
  const { facts, restaurant, config } = where
  const restaurant_id = restaurant.guid
  for (const entry of cashEntriesOf(facts, restaurant, { day, now })) {
    yield rowOf('cash_entry', {
      restaurant_id,
      id: entry.guid,
      ...bothDates('business', day),
      date: instant(entry.at),
      type: entry.type,
      amount: money(entry.cents),
      reason: entry.reason,
      undoes: entry.undoes,
      cash_drawer_id: config('cashDrawers', entry.drawer),
      payout_reason_id: config('payoutReasons', entry.payoutReason),
      no_sale_reason_id: config('noSaleReasons', entry.noSaleReason),
      employee_1_id: entry.employee1,
      employee_2_id: entry.employee2,
    })
  }
  for (const deposit of cashDepositsOf(facts, restaurant, { day, now })) {
    yield rowOf('cash_deposit', {
      restaurant_id,
      id: deposit.guid,
      ...bothDates('business', day),
      date: instant(deposit.at),
      amount: money(deposit.cents),
      employee_id: deposit.employee,
      creator_id: deposit.creator,
      undoes: deposit.undoes,
    })
  }
}
