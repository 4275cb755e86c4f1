import type { GuestEntry, ProgramFile } from '@regulars/contract/program-file'
import type { Answer, HarborCounter, TestGuest } from '../harbor-counter.ts'

/** Rounds that run one after another, and rounds that then run this many at a time. */
export type Rounds = { alone: number; together: number; atOnce: number }

/**
 * Runs every round, each with its number. Alone, a round's few writes go one by one; many rounds at
 * once put more writes under way than go alone, so that the counter groups them.
 */
export async function runRounds(
  { alone, together, atOnce }: Rounds,
  round: (number: number) => Promise<void>,
): Promise<void> {
  for (let number = 0; number < alone; number += 1) await round(number)
  for (let first = alone; first < alone + together; first += atOnce) {
    const numbers = Array.from(
      { length: Math.min(atOnce, alone + together - first) },
      (_, index) => first + index,
    )
    await Promise.all(numbers.map(round))
  }
}

/** A guest for each round: a reward of 5.00 off, 1,000 points and 12.50 of banked currency. */
export function racers(prefix: string, count: number): GuestEntry[] {
  return Array.from({ length: count }, (_, number) => ({
    id: `${prefix}-${number}`,
    first_name: 'Racer',
    last_name: String(number),
    email: `${prefix}-${number}@example.com`,
    points: [{ amount: 1_000, earned_days_ago: 5 }],
    qualification_points: 0,
    currency: [{ amount: 12.5, expires_in_days: 60 }],
    rewards: [{ id: 'five-off', redeemable: 'five-off' }],
  }))
}

/** The example with these guests instead of its own, and locking on or off. */
export function withRacers(guests: readonly GuestEntry[], { locking }: { locking: boolean }) {
  return (program: ProgramFile): ProgramFile => ({
    ...program,
    multiple_redemptions: { ...program.multiple_redemptions, enable_discount_locking: locking },
    guests: [...guests],
  })
}

/** The one reward every racer has. */
export function rewardOf(guest: TestGuest): number {
  const id = guest.rewardIds.get('five-off')
  if (id === undefined) throw new Error('a racer has its reward')
  return id
}

/** What an answer comes to, short enough to list: `200`, `200 stored`, `422 basket_locked`. */
export function outcome({ status, code, replayed }: Answer): string {
  return [status, ...(code === null ? [] : [code]), ...(replayed ? ['stored'] : [])].join(' ')
}

/** How often each outcome came, sorted: `{ '200': 1, '200 stored': 19 }`. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const answer of answers) {
    const found = outcome(answer)
    counts.set(found, (counts.get(found) ?? 0) + 1)
  }
  return Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** How many redemptions of a guest stand, and how many were voided. */
export async function redemptionsOf({ rows }: HarborCounter, { guestId }: TestGuest) {
  const found = await rows(
    `select count(*) filter (where state = 'honored') as honored,
            count(*) filter (where state = 'voided') as voided
       from redemptions where guest_id = $1`,
    [guestId],
  )
  return { honored: Number(found[0]?.honored), voided: Number(found[0]?.voided) }
}

/**
 * How many statements wrote one guest, and how many wrote several at once, since the counter opened:
 * rows that one statement wrote carry one transaction's number.
 */
export async function waysWritten({ rows }: HarborCounter) {
  const found = await rows(
    `select count(*) filter (where guests = 1) as single,
            count(*) filter (where guests > 1) as grouped
       from (select xmin::text, count(distinct guest_id) as guests
               from redemptions group by xmin::text) as written`,
  )
  return { single: Number(found[0]?.single), grouped: Number(found[0]?.grouped) }
}
