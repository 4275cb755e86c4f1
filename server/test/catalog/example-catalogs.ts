import { fileURLToPath } from 'node:url'
import { type ProgramFile, problemText } from '@regulars/contract/program-file'
import { type Catalog, catalogFrom } from '../../src/catalog/catalog.ts'
import type { CatalogRow, CatalogRows } from '../../src/catalog/catalog-rows.ts'
import { entriesOf, locationDocumentOf, settingsOf } from '../../src/catalog/entries-of.ts'
import { openProgramFile } from '../../src/catalog/open-program-file.ts'
import type { EntryKind } from '../../src/store/catalogs.ts'

/** A program file of `examples/`. Fails with its problems when it has any. */
export async function exampleProgram(name: string): Promise<ProgramFile> {
  const folder = new URL(`../../../examples/${name}/`, import.meta.url)
  const opened = await openProgramFile(fileURLToPath(new URL('program.json', folder)))
  if (opened.kind === 'read') return opened.program
  throw new Error(opened.problems.map(problemText).join('\n'))
}

/** The rows a database would hold of a program file, entries numbered from 1 and locations kept. */
function rowsOf(program: ProgramFile): CatalogRows {
  const entries = entriesOf(program).map((entry, index) => ({ ...entry, id: index + 1 }))
  const of = <Document>(kind: EntryKind) =>
    entries
      .filter((entry) => entry.kind === kind)
      .map(({ id, externalId, document }) => ({ id, externalId, document: document as Document }))
  return {
    settings: settingsOf(program),
    locations: program.locations.map((location, index): CatalogRow<never> => {
      const id = location.location_id ?? index + 1
      return { id, externalId: location.id, document: locationDocumentOf(location) as never }
    }),
    tiers: of('tier'),
    selectors: of('selector'),
    criteria: of('criterion'),
    redeemables: of('redeemable'),
    plans: of('plan'),
    promoCodes: of('promo_code'),
    couponCampaigns: of('coupon_campaign'),
  }
}

export function catalogOf(program: ProgramFile): Catalog {
  return catalogFrom(rowsOf(program))
}
