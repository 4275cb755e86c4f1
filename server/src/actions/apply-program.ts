import { createHash } from 'node:crypto'
import type { LocationEntry, ProgramFile } from '@regulars/contract/program-file'
import { assert } from '@regulars/contract/values/assert'
import { foldCode } from '../catalog/catalog.ts'
import {
  type DefinedEntry,
  entriesOf,
  locationDocumentOf,
  settingsOf,
} from '../catalog/entries-of.ts'
import type { Deps } from '../deps.ts'
import { hashSecret } from '../secrets.ts'
import {
  type EntryRow,
  findStoredBusiness,
  type LocationRow,
  lockApplying,
  markCatalogMoved,
  retireOtherCodes,
  type StoredBusiness,
  type StoredEntry,
  writeBusiness,
  writeEntries,
  writeLocations,
  writeSharedCodes,
} from '../store/businesses.ts'
import type { EntryKind } from '../store/catalogs.ts'
import { ConstraintError, type Queries } from '../store/db.ts'
import { createProgramGuest } from './create-program-guest.ts'

type PlannedKind = 'business' | 'location' | EntryKind | 'guest'

/** What becomes of one entry. `absent`: an earlier file had it, this one has not; it stays. */
export type PlannedEntry = {
  kind: PlannedKind
  externalId: string
  step: 'create' | 'update' | 'unchanged' | 'absent'
}

/** What applying a program file would do or did, in the order of the file, absent entries last. */
export type ProgramPlan = {
  kind: 'plan'
  /** The file's own key of the business. */
  business: string
  entries: readonly PlannedEntry[]
}

/** A file that is sound in itself but not beside what is stored: one sentence for the operator. */
export type NotApplicable = { kind: 'not_applicable'; sentence: string }

export type AppliedProgram = Omit<ProgramPlan, 'kind'> & {
  kind: 'applied'
  businessId: number
  /** A sentence for each guest of the file that could not be made. */
  guestProblems: readonly string[]
}

/** What `applyProgram` would do now. Changes nothing. */
export async function planProgram(
  deps: Deps,
  program: ProgramFile,
): Promise<ProgramPlan | NotApplicable> {
  const stored = await findStoredBusiness(deps.db, program.business.id)
  const moved = movedLocation(program, stored)
  return moved ?? planOf(program, stored)
}

/**
 * Brings what is stored to what a validated program file says.
 *
 * Of the catalog, entries that changed in the file since it was last applied are written, in one
 * transaction, under a lock that makes servers take turns. What an admin changed meanwhile stays
 * while the file's entry stays. Guests are then made once, each in one statement with all they own,
 * and never touched again. Nothing is deleted. Safe to repeat after a kill at any moment.
 */
export async function applyProgram(
  deps: Deps,
  program: ProgramFile,
): Promise<AppliedProgram | NotApplicable> {
  // One for each entry, if all are new, and some to spare for what else runs meanwhile.
  await deps.ids.ready(1_000 + program.locations.length + entriesOf(program).length)
  const catalogued = await applyCatalog(deps, program)
  if (catalogued.kind === 'not_applicable') return catalogued
  const { businessId, plan } = catalogued
  const guestProblems: string[] = []
  const missing = new Set(
    plan.entries
      .filter(({ kind, step }) => kind === 'guest' && step === 'create')
      .map(({ externalId }) => externalId),
  )
  for (const guest of program.guests ?? []) {
    if (!missing.has(guest.id)) continue
    const problem = await createProgramGuest(deps, businessId, guest)
    if (problem !== null) guestProblems.push(problem)
  }
  return { ...plan, kind: 'applied', businessId, guestProblems }
}

type Catalogued = { kind: 'catalogued'; businessId: number; plan: ProgramPlan }

async function applyCatalog(deps: Deps, program: ProgramFile): Promise<Catalogued | NotApplicable> {
  try {
    return await deps.db.transaction(async (queries) => {
      await lockApplying(queries, program.business.id)
      const stored = await findStoredBusiness(queries, program.business.id)
      const moved = movedLocation(program, stored)
      if (moved !== null) return moved
      const plan = planOf(program, stored)
      const businessId = stored?.businessId ?? deps.ids.next()
      await writeCatalog(deps, queries, { program, stored, plan, businessId })
      return { kind: 'catalogued', businessId, plan }
    })
  } catch (error) {
    const sentence = sentenceOf(error, program)
    if (sentence === null) throw error
    return { kind: 'not_applicable', sentence }
  }
}

type Writing = {
  program: ProgramFile
  stored: StoredBusiness | null
  plan: ProgramPlan
  businessId: number
}

async function writeCatalog(deps: Deps, queries: Queries, writing: Writing): Promise<void> {
  const { program, stored, plan, businessId } = writing
  const written = plan.entries.filter(
    ({ kind, step }) => kind !== 'guest' && (step === 'create' || step === 'update'),
  )
  if (written.length === 0) return
  const isWritten = (kind: PlannedKind, externalId: string) =>
    written.some((entry) => entry.kind === kind && entry.externalId === externalId)

  if (isWritten('business', program.business.id)) {
    await writeBusiness(queries, businessRow(deps, program, businessId), deps.now())
  }
  const locations = program.locations.filter(({ id }) => isWritten('location', id))
  await writeLocations(queries, businessId, locationRows(deps, locations, writing), deps.now())
  const entries = entriesOf(program).filter((entry) => isWritten(entry.kind, entry.externalId))
  const rows = entryRows(deps, entries, stored)
  await writeEntries(
    queries,
    businessId,
    rows.map(({ row }) => row),
  )
  await writeCodes(deps, queries, { businessId, rows })
  await markCatalogMoved(queries, {
    businessId,
    auditId: deps.ids.next(),
    at: deps.now(),
    externalId: program.business.id,
    details: { written: written.map(({ kind, externalId }) => `${kind} ${externalId}`) },
  })
}

function businessRow(deps: Deps, program: ProgramFile, businessId: number) {
  const { business } = program
  return {
    businessId,
    externalId: business.id,
    name: business.name,
    businessKeyHash: hashSecret(business.business_key),
    clientId: business.client,
    clientSecretSealed: deps.sealer.seal(business.client_secret),
    adminKeyHash: hashSecret(business.admin_key),
    settings: settingsOf(program),
    appliedHash: businessHash(program),
  }
}

// A short key that was given out stays with its location: tills have printed it on receipts.
function locationRows(
  deps: Deps,
  locations: readonly LocationEntry[],
  { program, stored }: Writing,
): LocationRow[] {
  const known = new Map((stored?.locations ?? []).map((one) => [one.externalId, one]))
  const taken = {
    ids: new Set([
      ...program.locations.map((one) => one.location_id),
      ...[...known.values()].map(({ id }) => id),
    ]),
    shortKeys: new Set([
      ...program.locations.map((one) => one.short_key),
      ...[...known.values()].map(({ shortKey }) => shortKey),
    ]),
  }
  return locations.map((location) => {
    const before = known.get(location.id)
    const shortKey = location.short_key ?? before?.shortKey ?? firstFree(taken.shortKeys)
    const id = before?.id ?? location.location_id ?? nextFree(deps, taken.ids)
    taken.shortKeys.add(shortKey)
    return {
      id,
      externalId: location.id,
      locationKeyHash: hashSecret(location.location_key).toString('hex'),
      document: { ...locationDocumentOf(location), location_id: id, short_key: shortKey },
      appliedHash: hashOf(location),
    }
  })
}

const shortKeyMax = 8_191 // thirteen bits

function firstFree(taken: ReadonlySet<number | null | undefined>): number {
  let key = 1
  while (taken.has(key)) key += 1
  assert(key <= shortKeyMax, 'a business has no more locations than there are short keys', { key })
  return key
}

function nextFree(deps: Deps, taken: ReadonlySet<number | undefined>): number {
  let id = deps.ids.next()
  while (taken.has(id)) id = deps.ids.next()
  return id
}

type DefinedRow = { row: EntryRow; codes: DefinedEntry['codes'] }

function entryRows(
  deps: Deps,
  entries: readonly DefinedEntry[],
  stored: StoredBusiness | null,
): DefinedRow[] {
  const ids = new Map((stored?.entries ?? []).map((one) => [keyOf(one), one.id]))
  return entries.map((entry) => ({
    row: {
      kind: entry.kind,
      id: ids.get(keyOf(entry)) ?? deps.ids.next(),
      externalId: entry.externalId,
      document: entry.document,
      appliedHash: entryHash(entry),
    },
    codes: entry.codes,
  }))
}

class CodeInUse extends Error {}

async function writeCodes(
  deps: Deps,
  queries: Queries,
  { businessId, rows }: { businessId: number; rows: readonly DefinedRow[] },
): Promise<void> {
  const codesOf = ({ row, codes }: DefinedRow) =>
    codes.map(({ code, usesMax }) => ({ code: foldCode(code), campaignId: row.id, usesMax }))
  const promos = rows.filter(({ row }) => row.kind === 'promo_code').flatMap(codesOf)
  await retireOtherCodes(queries, businessId, promos)
  const codes = rows.flatMap(codesOf)
  const written = await writeSharedCodes(queries, businessId, codes, deps.now())
  const other = codes.find(({ code }) => !written.has(code))
  if (other !== undefined) {
    throw new CodeInUse(
      `The code ${other.code} is in use already: by a promo or campaign that an earlier file had, ` +
        "or by a guest's app. Choose another.",
    )
  }
}

function planOf(program: ProgramFile, stored: StoredBusiness | null): ProgramPlan {
  const locations = stepsOf(
    program.locations.map((one) => ({ kind: 'location', externalId: one.id, hash: hashOf(one) })),
    (stored?.locations ?? []).map((one) => ({ ...one, kind: 'location' })),
  )
  const entries = stepsOf(
    entriesOf(program).map((one) => ({ ...one, hash: entryHash(one) })),
    stored?.entries ?? [],
  )
  const guests = guestSteps(program, stored)
  const all: PlannedEntry[] = [
    { kind: 'business', externalId: program.business.id, step: businessStep(program, stored) },
    ...locations,
    ...entries,
    ...guests,
  ]
  return {
    kind: 'plan',
    business: program.business.id,
    entries: [
      ...all.filter(({ step }) => step !== 'absent'),
      ...all.filter(({ step }) => step === 'absent'),
    ],
  }
}

function businessStep(program: ProgramFile, stored: StoredBusiness | null): PlannedEntry['step'] {
  if (stored === null) return 'create'
  return stored.appliedHash === businessHash(program) ? 'unchanged' : 'update'
}

type Keyed<Kind> = { kind: Kind; externalId: string }

/** What an admin made over the API, and no file ever had, is not absent. */
function stepsOf<Kind extends PlannedKind>(
  entries: readonly (Keyed<Kind> & { hash: string })[],
  stored: readonly (Keyed<Kind> & StoredEntry)[],
): PlannedEntry[] {
  const before = new Map(stored.map((one) => [keyOf(one), one]))
  const present = new Set(entries.map(keyOf))
  const steps = entries.map(({ kind, externalId, hash }): PlannedEntry => {
    const known = before.get(keyOf({ kind, externalId }))
    if (known === undefined) return { kind, externalId, step: 'create' }
    return { kind, externalId, step: known.appliedHash === hash ? 'unchanged' : 'update' }
  })
  const absent = stored
    .filter((one) => one.appliedHash !== null && !present.has(keyOf(one)))
    .map(({ kind, externalId }): PlannedEntry => ({ kind, externalId, step: 'absent' }))
  return [...steps, ...absent]
}

function guestSteps(program: ProgramFile, stored: StoredBusiness | null): PlannedEntry[] {
  const known = new Set(stored?.guestIds)
  const listed = (program.guests ?? []).map(({ id }) => id)
  const present = new Set(listed)
  return [
    ...listed.map((externalId): PlannedEntry => {
      return { kind: 'guest', externalId, step: known.has(externalId) ? 'unchanged' : 'create' }
    }),
    ...[...known]
      .filter((externalId) => !present.has(externalId))
      .map((externalId): PlannedEntry => ({ kind: 'guest', externalId, step: 'absent' })),
  ]
}

function keyOf({ kind, externalId }: Keyed<PlannedKind>): string {
  return `${kind} ${externalId}`
}

// Receipts, baskets and tills name a location by its number, so it cannot become another one.
function movedLocation(program: ProgramFile, stored: StoredBusiness | null): NotApplicable | null {
  for (const { id, location_id } of program.locations) {
    const known = stored?.locations.find(({ externalId }) => externalId === id)
    if (known === undefined || location_id === undefined || known.id === location_id) continue
    return {
      kind: 'not_applicable',
      sentence:
        `The location ${id} has the number ${known.id} on the wire and keeps it: it cannot become ` +
        `${location_id}. Put ${known.id} back, or give the new location an id of its own.`,
    }
  }
  return null
}

function sentenceOf(error: unknown, program: ProgramFile): string | null {
  if (error instanceof CodeInUse) return error.message
  if (!(error instanceof ConstraintError)) return null
  const what = collisions[error.constraint]
  if (what === undefined) return null
  return `${what} in the program of ${program.business.id} is in use already. Each needs its own.`
}

const collisions: Readonly<Record<string, string>> = {
  businesses_business_key_once: 'The business_key',
  businesses_client_once: 'The client',
  businesses_admin_key_once: 'The admin_key',
  locations_location_key_once: 'The location_key of a location',
  locations_store_number_once: 'The store_number of a location',
  locations_key: 'The location_id of a location',
}

/** Of everything that is stored with the business itself, its keys included. */
function businessHash(program: ProgramFile): string {
  return hashOf({ business: program.business, settings: settingsOf(program) })
}

function entryHash({ document, codes }: Pick<DefinedEntry, 'document' | 'codes'>): string {
  return hashOf(codes.length === 0 ? document : { document, codes })
}

/** SHA-256, hex, of a JSON value; the order in which members were written does not matter. */
function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  )
}
