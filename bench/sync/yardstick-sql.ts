import { type Column, type Part, type Shape, shapesOf } from '../../connectors/src/mapping/shape.ts'
import type { ColumnType } from '../../connectors/src/table.ts'
import { orders } from '../../connectors/src/toast/tables/orders.ts'

/** The tables that the yardstick fills: an order and all its parts. */
export const orderTables: readonly string[] = [
  ...new Set(shapesOf(orders).map(({ table }) => table)),
]

/** How deep modifiers of modifiers are read: deeper than the stand-in's are. */
const depthMax = 4
const modifier = 'orders_check_selection_modifier'

/**
 * One statement a table: reads of the pages in a folder what the table is made of and merges it.
 * The pages of a restaurant are in a folder of its name.
 */
export function mergeTables(folder: string): string[] {
  const sources: Sources = new Map()
  const root = `select restaurant_id, o, o.guid as id_orders, 0 as ordinal, 0 as depth,
                       o.guid as own_id, '' as parent_id
                  from pages`
  collect(sources, { shape: orders, from: root, depth: 0, path: [] })
  return [...sources.values()].map((source) => mergeInto(source, folder))
}

type Source = { shape: Shape; selects: string[]; tree: Tree }
type Sources = Map<string, Source>
type Place = { shape: Shape; from: string; depth: number; path: readonly Step[] }
type Step = { names: readonly string[]; isList: boolean }

function collect(sources: Sources, { shape, from, depth, path }: Place): void {
  const source = sources.get(shape.table) ?? { shape, selects: [], tree: leaf() }
  sources.set(shape.table, source)
  source.selects.push(`select ${valuesOf(shape)} from (${from})`)
  addMembers(source.tree, shape, path)
  for (const part of shape.parts ?? []) {
    const below = part.shape()
    const deeper = below.table === modifier ? depth + 1 : depth
    if (deeper > depthMax) continue
    const step =
      part.as === 'self' ? [] : [{ names: part.from.split('.'), isList: part.as !== 'object' }]
    collect(sources, {
      shape: below,
      from: rowsBelow(part, below, { from, depth: deeper }),
      depth: deeper,
      path: [...path, ...step],
    })
  }
}

/** The objects of a part, each with the ids of the rows above it. */
function rowsBelow(
  part: Part,
  below: Shape,
  { from, depth }: { from: string; depth: number },
): string {
  if (part.as === 'self') return `select * replace (own_id as parent_id) from (${from})`
  const place = pathOf(part.from)
  const objects =
    part.as === 'object'
      ? `select * replace (own_id as parent_id, ${place} as o, 0 as ordinal)
           from (${from}) where ${place} is not null`
      : `select * replace (own_id as parent_id, unnest(${place}) as o,
                           generate_subscripts(${place}, 1) - 1 as ordinal)
           from (${from}) where len(${place}) > 0`
  const made = `'gen-' || parent_id || '-' || ordinal`
  const id = below.identity === 'none' ? made : `coalesce(o.guid, ${made})`
  const own = `select * replace (${id} as own_id, ${depth} as depth) from (${objects})`
  return named.has(below.table) ? `select *, own_id as id_${below.table} from (${own})` : own
}

/** Those whose ids rows far below them carry. */
const named = new Set(['orders_check', 'orders_check_selection'])

function valuesOf(shape: Shape): string {
  const values = Object.entries(shape.columns).map(
    ([name, column]) => `${columnValue(shape, name, column)} as ${quoted(name)}`,
  )
  const version = shape === orders ? 'o."modifiedDate"::timestamptz' : 'null::timestamptz'
  return [...values, 'id_orders as _root_id', `${version} as _version`].join(', ')
}

function columnValue(shape: Shape, name: string, { type, from, otherwise }: Column): string {
  if (name === 'id' && shape.identity !== 'none') return 'own_id'
  const read = from === undefined ? null : castOf(type, isValue(shape) ? 'o' : pathOf(from))
  if (otherwise === undefined) return read ?? 'null'
  const given = givenOf(otherwise)
  return read === null ? given : `coalesce(${read}, ${given})`
}

const givens: Readonly<Record<string, string>> = {
  location: 'restaurant_id',
  ordinal: 'ordinal',
  depth: 'depth',
  parentId: 'parent_id',
}

function givenOf(given: NonNullable<Column['otherwise']>): string {
  if ('idOf' in given) return `id_${given.idOf}`
  const name = 'given' in given ? givens[given.given] : undefined
  if (name === undefined) throw new Error(`nothing of an order is ${JSON.stringify(given)}`)
  return name
}

const types: Readonly<Record<ColumnType, string>> = {
  text: 'varchar',
  boolean: 'boolean',
  integer: 'bigint',
  money: 'decimal(18,4)',
  // Numbers of more digits take DuckDB a hundred times as long, and orders have none.
  number: 'decimal(18,12)',
  double: 'double',
  timestamp: 'timestamptz',
  date: 'date',
  json: 'json',
}

function castOf(type: ColumnType, value: string): string {
  if (type === 'text') return value
  if (type === 'json') return `to_json(${value})`
  if (type === 'date') return `strptime(${value}, '%Y%m%d')::date`
  return `${value}::${types[type]}`
}

function isValue({ table }: Shape): boolean {
  return table === 'orders_pricing_feature'
}

function mergeInto({ shape, selects, tree }: Source, folder: string): string {
  const { table, key, columns } = shape
  const names = [...Object.keys(columns), '_root_id', '_version']
  const listed = [...names, '_synced_at', '_fivetran_synced', '_fivetran_deleted'].map(quoted)
  const same = key.map((name) => `stored.${quoted(name)} = incoming.${quoted(name)}`).join(' and ')
  const assigned = names
    .filter((name) => !key.includes(name))
    .map((name) => `${quoted(name)} = incoming.${quoted(name)}`)
  const values = names.map((name) => `incoming.${quoted(name)}`)
  return `
    merge into ${quoted(table)} as stored
    using (with pages as (
             select parse_path(filename)[-2] as restaurant_id, o
               from read_json('${folder}/*/*.json', format = 'array', records = false,
                              filename = true, columns = {o: '${structOf(tree)}'}))
           ${selects.join(' union all ')}) as incoming on ${same}
    when matched then update set ${assigned.join(', ')}
    when not matched then insert (${listed.join(', ')})
                          values (${[...values, 'now()', 'now()', 'false'].join(', ')})`
}

/** The members that columns and parts read; a leaf is text, so that no digit is lost. */
type Tree = { members: Map<string, Tree>; list: Tree | null }

/** The members a row is read from, and the ids of those above it. */
function addMembers(root: Tree, shape: Shape, path: readonly Step[]): void {
  let tree = root
  at(tree, ['guid'])
  for (const { names, isList } of path) {
    tree = at(tree, names)
    if (isList) {
      tree.list ??= leaf()
      tree = tree.list
    }
    if (!isValue(shape)) at(tree, ['guid'])
  }
  for (const { from } of Object.values(shape.columns)) {
    if (from !== undefined && !isValue(shape)) at(tree, from.split('.'))
  }
}

function leaf(): Tree {
  return { members: new Map(), list: null }
}

function at(tree: Tree, [first, ...rest]: readonly string[]): Tree {
  if (first === undefined) return tree
  const next = tree.members.get(first) ?? leaf()
  tree.members.set(first, next)
  return at(next, rest)
}

function structOf({ members, list }: Tree): string {
  if (list !== null) return `${structOf(list)}[]`
  if (members.size === 0) return 'VARCHAR'
  const fields = [...members].map(([name, below]) => `${quoted(name)} ${structOf(below)}`)
  return `STRUCT(${fields.join(', ')})`
}

function pathOf(from: string): string {
  return `o.${from.split('.').map(quoted).join('.')}`
}

function quoted(name: string): string {
  return `"${name}"`
}
