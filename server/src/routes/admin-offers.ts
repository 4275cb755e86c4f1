import {
  adminCreateCriteria,
  adminCreateRedeemables,
  adminCreateSelectors,
  adminHeadlessRedeemables,
  adminListCriteria,
  adminListRedeemables,
  adminListSelectors,
  adminUpdateCriteria,
  adminUpdateRedeemables,
  adminUpdateSelectors,
} from '@regulars/contract/wire/offers-operations'
import {
  changeOffers,
  type OfferKind,
  type OfferWrite,
  offersOf,
} from '../actions/change-offers.ts'
import type { CatalogRow } from '../catalog/catalog-rows.ts'
import type { Deps } from '../deps.ts'
import { readRows } from '../store/catalogs.ts'
import { type Caller, ok, type Route, route } from './call.ts'

export const adminOfferRoutes: readonly Route[] = [
  route(adminListSelectors, (deps, { caller, request }) =>
    list(deps, caller, { kind: 'selector', request }),
  ),
  route(adminListCriteria, (deps, { caller, request }) =>
    list(deps, caller, { kind: 'criterion', request }),
  ),
  route(adminListRedeemables, (deps, { caller, request }) =>
    list(deps, caller, { kind: 'redeemable', request }),
  ),
  route(adminCreateSelectors, (deps, { caller, request }) =>
    write(deps, { ...caller, kind: 'selector', mode: 'create', sent: request.data }),
  ),
  route(adminUpdateSelectors, (deps, { caller, request }) =>
    write(deps, { ...caller, kind: 'selector', mode: 'update', sent: request.data }),
  ),
  route(adminCreateCriteria, (deps, { caller, request }) =>
    write(deps, { ...caller, kind: 'criterion', mode: 'create', sent: request.data }),
  ),
  route(adminUpdateCriteria, (deps, { caller, request }) =>
    write(deps, { ...caller, kind: 'criterion', mode: 'update', sent: request.data }),
  ),
  route(adminCreateRedeemables, (deps, { caller, request }) =>
    write(deps, { ...caller, kind: 'redeemable', mode: 'create', sent: request.data }),
  ),
  route(adminUpdateRedeemables, (deps, { caller, request }) =>
    write(deps, { ...caller, kind: 'redeemable', mode: 'update', sent: request.data }),
  ),

  route(adminHeadlessRedeemables, async (deps, { caller, request }) => {
    const { rows } = await readRows(deps.db, caller.businessId)
    const { shown } = pageOf(rows.redeemables, request)
    return ok(
      shown.map(({ id, externalId, document }) => ({
        redeemable_id: id,
        redeemable_uuid: externalId,
        name: document.name,
        description: document.description ?? '',
        redeemable_image_url: document.redeemable_image_url ?? null,
      })),
    )
  }),
]

async function write(deps: Deps, asked: OfferWrite) {
  const changed = await changeOffers(deps, asked)
  return changed.kind === 'refused' ? changed : ok({ results: changed.results })
}

async function list(
  deps: Deps,
  { businessId }: Caller['admin_key'],
  { kind, request }: { kind: OfferKind; request: ListRequest },
) {
  const { rows } = await readRows(deps.db, businessId)
  const { shown, meta } = pageOf(offersOf(rows, kind), request)
  return ok({ data: shown.map(({ document }) => document), meta })
}

type ListRequest = { query?: string; page?: number; per_page?: number }

const perPageUsual = 20
const perPageMax = 100

/** A page beyond the end is the last one, as published. */
function pageOf<Row extends CatalogRow<object>>(
  rows: readonly Row[],
  { query, page = 1, per_page }: ListRequest,
) {
  const matching = query === undefined ? rows : rows.filter((row) => speaksOf(row, query))
  const size = Math.min(Math.max(1, per_page ?? perPageUsual), perPageMax)
  const pages = Math.max(1, Math.ceil(matching.length / size))
  const number = Math.min(Math.max(1, page), pages)
  return {
    shown: matching.slice((number - 1) * size, number * size),
    meta: { page: number, per_page: size, total_records: matching.length },
  }
}

function speaksOf({ document }: CatalogRow<object>, query: string): boolean {
  const { name = '', description = '' } = document as { name?: string; description?: string }
  return `${name}\n${description}`.toLowerCase().includes(query.toLowerCase())
}
