import { type Entry, type LedgerAccount, ledgerAccounts, type Unit } from './account.ts'

/** What each account of one guest's ledger stands at, by unit. */
export type LedgerBalances = Readonly<Record<Unit, Readonly<Record<LedgerAccount, number>>>>

/**
 * The sum of a guest's entries: what came into each account less what went out. `guest` is what can
 * be spent, `guest_pending` what waits, `guest_debt` what is owed, at or below zero.
 */
export function balancesFromEntries(entries: Iterable<Entry>): LedgerBalances {
  const balances = { points: zeros(), visits: zeros(), currency: zeros(), fuel: zeros() }
  for (const { unit, from, to, amount } of entries) {
    balances[unit][from] -= amount
    balances[unit][to] += amount
  }
  return balances
}

function zeros(): Record<LedgerAccount, number> {
  const pairs = ledgerAccounts.map((account) => [account, 0])
  return Object.fromEntries(pairs) as Record<LedgerAccount, number>
}
