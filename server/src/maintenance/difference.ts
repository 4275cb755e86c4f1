/** One thing that is not as the ledger says. `expected` is what the entries add up to. */
export type Difference = {
  businessId: number
  /** Null for what guests share. */
  guestId: number | null
  what: string
  expected: string
  found: string
}
