import { assert } from '@regulars/contract/values/assert'
import { type Catalog, catalogFrom } from '../catalog/catalog.ts'
import type {
  CatalogRow,
  CatalogRows,
  LocationDocument,
  SettingsDocument,
} from '../catalog/catalog-rows.ts'
import type { Db, Statement } from './db.ts'

/** Kinds of entries a business defines beside its settings and locations. */
const entryKinds = [
  'tier',
  'selector',
  'criterion',
  'redeemable',
  'plan',
  'promo_code',
  'coupon_campaign',
] as const
export type EntryKind = (typeof entryKinds)[number]

/** What businesses define, translated for the rules and kept until it changes. */
export type Catalogs = {
  /** The catalog of that version, or of a newer one. */
  at(businessId: number, version: number): Promise<Catalog>
  /** The newest catalog. */
  newest(businessId: number): Promise<Catalog>
}

export function openCatalogs(db: Db): Catalogs {
  const known = new Map<number, { version: number; catalog: Promise<Catalog> }>()

  function load(businessId: number, version: number): Promise<Catalog> {
    const catalog = readRows(db, businessId).then(({ rows }) => catalogFrom(rows))
    known.set(businessId, { version, catalog })
    // A catalog that could not be read is read again by the next request.
    catalog.catch(() => known.delete(businessId))
    return catalog
  }

  async function at(businessId: number, version: number): Promise<Catalog> {
    const cached = known.get(businessId)
    if (cached !== undefined && cached.version >= version) return cached.catalog
    return load(businessId, version)
  }

  return {
    at,
    async newest(businessId) {
      const [row] = await db.query(versionStatement, [businessId])
      assert(row !== undefined, 'a caller has a business', { businessId })
      return at(businessId, row.catalog_version as number)
    },
  }
}

const versionStatement: Statement = {
  name: 'catalog_version',
  text: `select catalog_version from businesses where business_id = $1`,
}

const rowsStatement: Statement = {
  name: 'catalog_rows',
  text: `
select b.catalog_version, b.definition as settings,
       (select json_agg(json_build_object('id', l.location_id, 'externalId', l.external_id,
                                          'document', l.definition) order by l.location_id)
          from locations l where l.business_id = b.business_id) as locations,
       (select json_agg(json_build_object('kind', e.kind, 'id', e.entry_id,
                                          'externalId', e.external_id,
                                          'document', e.definition) order by e.entry_id)
          from catalog_entries e where e.business_id = b.business_id) as entries
  from businesses b
 where b.business_id = $1`,
}

/** Everything one business defined, as it is stored. Throws when there is no such business. */
export async function readRows(
  db: Db,
  businessId: number,
): Promise<{ version: number; rows: CatalogRows }> {
  const [row] = await db.query(rowsStatement, [businessId])
  assert(row !== undefined, 'a business that is asked for is stored', { businessId })
  const entries = (row.entries ?? []) as (CatalogRow<never> & { kind: EntryKind })[]
  const of = (kind: EntryKind) => entries.filter((entry) => entry.kind === kind)
  return {
    version: row.catalog_version as number,
    rows: {
      settings: row.settings as SettingsDocument,
      locations: (row.locations ?? []) as CatalogRow<LocationDocument>[],
      tiers: of('tier'),
      selectors: of('selector'),
      criteria: of('criterion'),
      redeemables: of('redeemable'),
      plans: of('plan'),
      promoCodes: of('promo_code'),
      couponCampaigns: of('coupon_campaign'),
    },
  }
}
