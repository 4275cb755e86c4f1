import { type Refusal, refuse } from '@regulars/contract/refusals'
import { offersPerWriteMax } from '@regulars/contract/wire/offers-operations'
import {
  type KnownOffers,
  type OfferRead,
  patchedOffer,
  readCriterion,
  readRedeemable,
  readSelector,
} from '@regulars/contract/wire/offers-read'
import { catalogFrom } from '../catalog/catalog.ts'
import type { CatalogRow, CatalogRows } from '../catalog/catalog-rows.ts'
import type { Deps } from '../deps.ts'
import { changeEntries, type EntryChange } from '../store/catalog-entries.ts'
import { readRows } from '../store/catalogs.ts'
import { auditEntry } from './audit-entry.ts'
import { pauseBeforeRetry } from './change-guest.ts'

export type OfferKind = 'selector' | 'criterion' | 'redeemable'

/** What became of one entry of a write. */
export type OfferResult = {
  external_id: string | null
  success: boolean
  errors: readonly string[]
  warnings: Readonly<Record<string, readonly string[]>>
}

export type OfferWrite = {
  businessId: number
  kind: OfferKind
  /** Making entries refuses one that is there, changing them one that is not. */
  mode: 'create' | 'update'
  /** As they were sent; those beyond the most that a write may have are not looked at. */
  sent: readonly unknown[]
}

/** Attempts before a catalog that others keep changing is given up with `try_again`. */
const attemptsMax = 12

/**
 * Makes or changes entries of the catalog, each by itself: those that can be read are written in one
 * statement, the others come back with their errors. The next call of anybody works with the result.
 *
 * Refused: try_again.
 */
export async function changeOffers(
  deps: Deps,
  write: OfferWrite,
): Promise<{ kind: 'changed'; results: readonly OfferResult[] } | Refusal> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    await deps.ids.ready()

    // Gather.
    const { version, rows } = await readRows(deps.db, write.businessId)

    // Decide.
    const { results, written } = decide(deps, write, rows)
    if (written.length === 0) return { kind: 'changed', results }
    // Throws, and so stops the write, if a reader let through what rules cannot be made of.
    catalogFrom(withEntries(rows, write.kind, written))

    // Record.
    const audit = auditEntry(deps, deps.now(), {
      action: write.mode,
      subject: write.kind,
      details: { external_ids: written.map(({ externalId }) => externalId) },
    })
    const { businessId, kind } = write
    if (await changeEntries(deps.db, { businessId, version, kind, entries: written, audit })) {
      return { kind: 'changed', results }
    }
    await pauseBeforeRetry(attempt)
  }
  return refuse('try_again')
}

/** The entries of one kind, as they are stored. */
export function offersOf(rows: CatalogRows, kind: OfferKind): readonly CatalogRow<object>[] {
  switch (kind) {
    case 'selector':
      return rows.selectors
    case 'criterion':
      return rows.criteria
    case 'redeemable':
      return rows.redeemables
  }
}

function decide(deps: Deps, { kind, mode, sent }: OfferWrite, rows: CatalogRows) {
  const entries = new Map<string, EntryChange>(
    offersOf(rows, kind).map((row) => [row.externalId, row]),
  )
  const known = knownOffers(rows)
  const written = new Map<string, EntryChange>()
  const results = sent.slice(0, offersPerWriteMax).map((one): OfferResult => {
    const externalId = externalIdOf(one)
    const before = entries.get(externalId ?? '')
    const problem = standingProblem({ mode, externalId, isStored: before !== undefined })
    if (problem !== null) return failed(externalId, [problem])
    const whole = before === undefined ? one : patchedOffer(before.document, one)
    const read = readers[kind](whole, { known, newId: deps.random.hex(40).toLowerCase() })
    if (read.value === null) return { ...failed(externalId, read.errors), warnings: read.warnings }
    const document = read.value
    const id = before?.id ?? deps.ids.next()
    const change = { id, externalId: document.external_id, document }
    entries.set(change.externalId, change)
    written.set(change.externalId, change)
    const { warnings } = read
    return { external_id: change.externalId, success: true, errors: [], warnings }
  })
  return { results, written: [...written.values()] }
}

type Reader = (
  sent: unknown,
  context: { known: KnownOffers; newId: string },
) => OfferRead<{ external_id: string }>

const readers: Readonly<Record<OfferKind, Reader>> = {
  selector: (sent, { newId }) => readSelector(sent, newId),
  criterion: readCriterion,
  redeemable: readRedeemable,
}

function knownOffers({ selectors, criteria, locations }: CatalogRows): KnownOffers {
  return {
    selectors: new Set(selectors.map(({ externalId }) => externalId)),
    criteria: new Set(criteria.map(({ externalId }) => externalId)),
    scopes: new Set(
      locations.flatMap(({ id, externalId, document }) => [
        `location:${id}`,
        `location:${externalId}`,
        ...(document.tags ?? []).map((tag) => `tag:${tag}`),
      ]),
    ),
  }
}

function externalIdOf(sent: unknown): string | null {
  if (typeof sent !== 'object' || sent === null || !('external_id' in sent)) return null
  const id = sent.external_id
  const text = typeof id === 'string' || typeof id === 'number' ? String(id).trim() : ''
  return text === '' ? null : text
}

function standingProblem({
  mode,
  externalId,
  isStored,
}: {
  mode: OfferWrite['mode']
  externalId: string | null
  isStored: boolean
}): string | null {
  if (mode === 'create') {
    return isStored ? `external_id: ${externalId} is there already; PATCH changes it.` : null
  }
  if (externalId === null) return 'external_id: found nothing; an entry is changed by it.'
  return isStored ? null : `external_id: ${externalId} is not there; POST makes it.`
}

function failed(externalId: string | null, errors: readonly string[]): OfferResult {
  return { external_id: externalId, success: false, errors, warnings: {} }
}

/** The rows as they will be stored. Documents come from the readers of their kind. */
function withEntries(
  rows: CatalogRows,
  kind: OfferKind,
  written: readonly EntryChange[],
): CatalogRows {
  const replaced = new Set(written.map(({ externalId }) => externalId))
  const after = [
    ...offersOf(rows, kind).filter(({ externalId }) => !replaced.has(externalId)),
    ...written,
  ] as never
  switch (kind) {
    case 'selector':
      return { ...rows, selectors: after }
    case 'criterion':
      return { ...rows, criteria: after }
    case 'redeemable':
      return { ...rows, redeemables: after }
  }
}
