import {
  type Balances,
  balancesFromEntries,
  type Consumption,
  type Debit,
  type Unit,
} from '@regulars/engine'
import { entryHash, firstEntryHash } from '../store/entry-chain.ts'
import type { StoredEntry } from '../store/ledger.ts'
import type { Difference } from './difference.ts'

/** What one spending took, as it is kept beside the ledger. */
type StoredRedemption = {
  redemptionId: number
  state: 'honored' | 'voided'
  debits: readonly Debit[]
  consumed: readonly Consumption[]
}

/** All that is kept about a guest and should follow from the entries. */
export type StoredGuest = {
  businessId: number
  guestId: number
  entrySeq: number
  entryHash: string
  balances: Balances
  lots: readonly { lotNo: number; unit: Unit; remaining: number; state: string }[]
  redemptions: readonly StoredRedemption[]
}

/** Everything kept about one guest that its entries, oldest first, do not bear out. */
export function guestDifferences(
  guest: StoredGuest,
  entries: readonly StoredEntry[],
): Difference[] {
  const { businessId, guestId } = guest
  const differ: Differ = (what, expected, found) =>
    expected === found
      ? []
      : [{ businessId, guestId, what, expected: String(expected), found: String(found) }]
  return [
    ...chainDifferences(guest, entries, differ),
    ...balanceDifferences(guest, entries, differ),
    ...lotDifferences(guest, entries, differ),
    ...redemptionDifferences(guest, entries, differ),
  ]
}

type Differ = (what: string, expected: string | number, found: string | number) => Difference[]

function chainDifferences(
  guest: StoredGuest,
  entries: readonly StoredEntry[],
  differ: Differ,
): Difference[] {
  const { businessId, guestId } = guest
  let earlier = firstEntryHash
  let seq = 0
  for (const entry of entries) {
    seq += 1
    const hash = entryHash({ businessId, guestId, seq, entry, earlier })
    const broken = [
      ...differ(`place of entry ${entry.seq}`, seq, entry.seq),
      ...differ(`hash of entry ${entry.seq}`, hash, entry.hash),
    ]
    // Every later hash differs too; the first broken link is the one that says something.
    if (broken.length > 0) return broken
    earlier = hash
  }
  return [
    ...differ('number of entries', seq, guest.entrySeq),
    ...differ('hash of the newest entry', earlier, guest.entryHash),
  ]
}

const units = ['points', 'visits', 'currency', 'fuel'] as const satisfies readonly Unit[]

function balanceDifferences(
  { balances, lots }: StoredGuest,
  entries: readonly StoredEntry[],
  differ: Differ,
): Difference[] {
  const sums = balancesFromEntries(entries)
  const held = (unit: Unit, state: string) =>
    sumOf(lots.filter((lot) => lot.unit === unit && lot.state === state).map((l) => l.remaining))
  return units.flatMap((unit) => [
    ...differ(`${unit} available`, sums[unit].guest, balances[unit].available),
    ...differ(`${unit} pending`, sums[unit].guest_pending, balances[unit].pending),
    ...differ(`${unit} in open lots`, sums[unit].guest, held(unit, 'open')),
    ...differ(`${unit} in pending lots`, sums[unit].guest_pending, held(unit, 'pending')),
    ...differ(`${unit} owed`, 0 - sums[unit].guest_debt, balances[unit].debt),
  ])
}

function lotDifferences(
  { lots }: StoredGuest,
  entries: readonly StoredEntry[],
  differ: Differ,
): Difference[] {
  const left = new Map<number, number>()
  const move = (account: string, lotNo: number, amount: number) => {
    if (account !== 'guest' && account !== 'guest_pending') return
    left.set(lotNo, (left.get(lotNo) ?? 0) + amount)
  }
  for (const entry of entries) {
    move(entry.to, entry.lotNo, entry.amount)
    move(entry.from, entry.lotNo, -entry.amount)
  }
  return lots.flatMap((lot) =>
    differ(`left in lot ${lot.lotNo}`, left.get(lot.lotNo) ?? 0, lot.remaining),
  )
}

/** What redemptions took and voids gave back, by redemption: `200 points of lot 2`. */
function redemptionDifferences(
  { redemptions }: StoredGuest,
  entries: readonly StoredEntry[],
  differ: Differ,
): Difference[] {
  const taken = new Map<number, string[]>()
  const returned = new Map<number, string[]>()
  for (const { cause, from, to, ...part } of entries) {
    if (cause.kind === 'redemption' && to === 'redeemed') add(taken, cause.id, partText(part))
    if (cause.kind === 'redemption_void' && from === 'redeemed') {
      add(returned, cause.id, partText(part))
    }
  }
  const known = new Set(redemptions.map(({ redemptionId }) => redemptionId))
  const unknown = [...taken].filter(([id]) => !known.has(id))
  return [
    ...redemptions.flatMap(({ redemptionId, state, debits, consumed }) => {
      const kept = listText(consumed.map(partText))
      const inLedger = listText(taken.get(redemptionId) ?? [])
      const backInLedger = listText(returned.get(redemptionId) ?? [])
      return [
        ...differ(`taken by redemption ${redemptionId}`, inLedger, kept),
        ...differ(
          `given back by the void of redemption ${redemptionId}`,
          backInLedger,
          state === 'voided' ? kept : nothing,
        ),
        ...debitDifferences({ redemptionId, debits, consumed }, differ),
      ]
    }),
    ...unknown.flatMap(([id, parts]) =>
      differ(`redemption ${id}`, listText(parts), 'no redemption'),
    ),
  ]
}

// A card is worth as many visits as the program says; its consumption is held to the entries alone.
function debitDifferences(
  { redemptionId, debits, consumed }: Omit<StoredRedemption, 'state'>,
  differ: Differ,
): Difference[] {
  const debited = {
    points: sumOf(debits.map((debit) => (debit.kind === 'points' ? debit.points : 0))),
    currency: sumOf(debits.map((debit) => (debit.kind === 'currency' ? debit.cents : 0))),
    fuel: sumOf(debits.map((debit) => (debit.kind === 'fuel' ? debit.rate : 0))),
  }
  return (['points', 'currency', 'fuel'] as const).flatMap((unit) =>
    differ(
      `${unit} debited by redemption ${redemptionId}`,
      sumOf(consumed.filter((part) => part.unit === unit).map(({ amount }) => amount)),
      debited[unit],
    ),
  )
}

const nothing = 'nothing'

function partText({ amount, unit, lotNo }: { amount: number; unit: Unit; lotNo: number }): string {
  return `${amount} ${unit} of lot ${lotNo}`
}

function listText(parts: readonly string[]): string {
  return parts.length === 0 ? nothing : [...parts].sort().join(', ')
}

function add(lists: Map<number, string[]>, id: number, text: string): void {
  const list = lists.get(id)
  if (list === undefined) lists.set(id, [text])
  else list.push(text)
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0)
}
