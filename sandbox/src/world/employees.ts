import type { Facts } from './facts.ts'
import { sharedByAll } from './guids.ts'
import { dayMs, hourMs } from './instants.ts'
import { at, hashOf } from './random.ts'

export type Employee = {
  number: number
  guid: string
  /** The person across restaurants. */
  personGuid: string | null
  firstName: string
  chosenName: string | null
  lastName: string
  email: string | null
  phone: string | null
  /** Payroll id with leading zeros. */
  payrollId: string | null
  /** Numbers of jobs that are not deleted. */
  jobs: number[]
  wages: { job: number; cents: number }[]
  createdAt: number
  modifiedAt: number
  /** When archived; null while employed. */
  deletedAt: number | null
}

export type Job = {
  number: number
  guid: string
  title: string
  code: string | null
  salaried: boolean
  tipped: boolean
  wageCents: number | null
  excluded: boolean
  createdAt: number
  modifiedAt: number
  deletedAt: number | null
}

/** Employees who are scheduled, serve and pay out; the rest come and go. */
export const rosterCount = 10
const staffAtStart = 13
const hiredEveryDays = 6
const archivedBeforeStart = 12
const archivedLater = 11
const archivedAfterDays = 3
const jobDeletedAfterDays = 4

const titles = [
  { title: 'Manager', code: '001', salaried: true, tipped: false, cents: null },
  { title: 'Server', code: '002', salaried: false, tipped: true, cents: 1100 },
  { title: 'Bartender', code: '003', salaried: false, tipped: true, cents: 1250 },
  { title: 'Line Cook', code: null, salaried: false, tipped: false, cents: 2125 },
  { title: 'Host / Hôtesse', code: '005', salaried: false, tipped: true, cents: 1500 },
  { title: 'Seasonal help', code: '006', salaried: false, tipped: false, cents: 1575 },
] as const

/** The job that is deleted some days after the world began. */
export const deletedJob = 5
export const managerJob = 0

/** All jobs, deleted ones with `deletedAt`. */
export function jobsOf(facts: Facts, restaurant: number, now: number): Job[] {
  const { startAt, days, guids } = facts
  return titles.map(({ title, code, salaried, tipped, cents }, number) => {
    const createdAt = startAt - (days + 200 + number) * dayMs
    const deletedAt =
      number === deletedJob ? startAt + jobDeletedAfterDays * dayMs + restaurant * hourMs : null
    const deleted = deletedAt !== null && deletedAt <= now ? deletedAt : null
    return {
      number,
      guid: guids.of('job', restaurant, 0, 0, number),
      title,
      code,
      salaried,
      tipped,
      wageCents: cents,
      excluded: number === managerJob,
      createdAt,
      modifiedAt: deleted ?? createdAt,
      deletedAt: deleted,
    }
  })
}

export function jobGuid({ guids }: Facts, restaurant: number, number: number): string {
  return guids.of('job', restaurant, 0, 0, number)
}

/** Everyone hired by an instant, archived ones among them. */
export function employeesOf(facts: Facts, restaurant: number, now: number): Employee[] {
  const sinceStartDays = (now - facts.startAt) / dayMs
  const hired = Math.max(0, Math.floor(sinceStartDays / hiredEveryDays))
  return Array.from({ length: staffAtStart + hired }, (_, number) =>
    employeeOf(facts, { restaurant, number, now }),
  )
}

export function employeeGuid({ guids }: Facts, restaurant: number, number: number): string {
  return guids.of('employee', restaurant, 0, 0, number)
}

/** The job an employee works in; the roster covers all but the deleted one. */
export function mainJob(number: number): number {
  return number === 0 ? managerJob : 1 + ((number - 1) % 4)
}

const firstNames = ['José', 'Zoë', 'Mei 美', 'D’Andre', 'Søren', 'Anna-Lena', 'Łukasz', 'Priya']
const lastNames = ['Nuñez', "O'Neil", 'Müller', 'Nguyễn', 'Smith', 'Ōno', 'van der Berg']

function employeeOf(
  facts: Facts,
  { restaurant, number, now }: { restaurant: number; number: number; now: number },
): Employee {
  const key = hashOf(facts.seed, restaurant, number, 41)
  const life = employmentOf(facts, { restaurant, number, now })
  const firstName = at(firstNames, key)
  const lastName = at(lastNames, key >>> 4)
  return {
    number,
    guid: employeeGuid(facts, restaurant, number),
    personGuid: number % 3 === 0 ? facts.guids.of('person', sharedByAll, 0, 0, number) : null,
    firstName,
    chosenName: life.renamed ? `${firstName.slice(0, 2)}. „${number}“` : null,
    lastName,
    email: number % 4 === 3 ? null : `staff${number}.r${restaurant}@example.com`,
    phone: number % 5 === 4 ? null : `0${6_170_000_000 + (key % 10_000_000)}`,
    payrollId: number % 6 === 5 ? null : String(number * 7).padStart(6, '0'),
    jobs: life.jobs,
    wages: number % 2 === 1 ? [{ job: mainJob(number), cents: 1200 + (key % 900) }] : [],
    createdAt: life.createdAt,
    modifiedAt: life.modifiedAt,
    deletedAt: life.deletedAt,
  }
}

/** What time did to an employee: hired, given a chosen name, losing a deleted job, archived. */
function employmentOf(
  { startAt, days }: Facts,
  { restaurant, number, now }: { restaurant: number; number: number; now: number },
) {
  const later = number - staffAtStart
  const createdAt =
    later >= 0
      ? startAt + (later + 1) * hiredEveryDays * dayMs
      : startAt - (days + 100 + number * 3) * dayMs
  const renamedAt = startAt + (1 + (number % 7) * 2) * dayMs + restaurant * hourMs
  const jobGoneAt = startAt + jobDeletedAfterDays * dayMs + restaurant * hourMs
  const hadIt = number % 4 === 2 && later < 0
  const archivedAt =
    number === archivedBeforeStart
      ? startAt - 5 * dayMs
      : number === archivedLater
        ? startAt + archivedAfterDays * dayMs + restaurant * hourMs
        : null
  const renamed = later < 0 && number % 3 === 1 && renamedAt <= now
  const deletedAt = archivedAt !== null && archivedAt <= now ? archivedAt : null
  const moves = [createdAt, renamed ? renamedAt : 0, hadIt && jobGoneAt <= now ? jobGoneAt : 0]
  return {
    createdAt,
    modifiedAt: Math.max(...moves, deletedAt ?? 0),
    deletedAt,
    renamed,
    jobs: hadIt && jobGoneAt > now ? [mainJob(number), deletedJob] : [mainJob(number)],
  }
}
