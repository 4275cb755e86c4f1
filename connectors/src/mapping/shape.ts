import type { ColumnType, Table } from '../table.ts'

/**
 * How objects of a source become rows of one table, and what in them becomes rows of others. The
 * shape of a record is the root of a tree of shapes; a shape may be below itself.
 */
export type Shape = {
  readonly table: string
  /** Where its objects come from, for the reference document. */
  readonly source: string
  readonly key: readonly string[]
  readonly columns: Columns
  readonly identity: Identity
  readonly parts?: readonly Part[]
  /** Members, at any level of the row's objects, that are known and never kept. */
  readonly dropped?: readonly string[]
  /** Members, at any level, that are known to be empty; in `_extra` when they are not. */
  readonly quiet?: readonly string[]
}

/** The shape of a whole record. */
export type RecordShape = Shape & {
  /** The member whose instant the content is of; otherwise the instant it was fetched. */
  readonly versionFrom?: string
  /** Puts the payload in the form the shape reads; the hash is of what came. */
  readonly prepare?: (payload: Members) => Members
}

/** An object of a payload. */
export type Members = Readonly<Record<string, unknown>>

/**
 * What tells a row from others.
 *
 * `required`: the column `id`; a record without it cannot be stored. `generated`: the column `id`;
 * a part without one, or with one its table already has in this record, gets
 * `gen-<id of the row above>-<position>`. `path`: the same, but the ids from the top down together
 * tell rows apart. `none`: the key says it all.
 */
type Identity = 'required' | 'generated' | 'path' | 'none'

export type Columns = Readonly<Record<string, Column>>

export type Column = {
  readonly type: ColumnType
  /** Members from the object down, joined by dots. */
  readonly from?: string
  /** What it holds when nothing was sent, or when it is not read from the payload. */
  readonly otherwise?: Given
  /** The object it is read from may be given as this text alone. */
  readonly isReference?: true
  /** Holds a person's data: names, phones, e-mails, addresses, wages. */
  readonly personal?: true
}

/** What a row can know besides its own object. */
export type Given =
  | { readonly given: 'location' | 'fetchedAt' | 'businessDate' | 'ordinal' | 'depth' | 'path' }
  /** The id, the path, or the place in its list, of the row above. */
  | { readonly given: 'parentId' | 'parentPath' | 'parentOrdinal' }
  /** The id of the nearest row above that is of this table. */
  | { readonly idOf: string }
  | { readonly constant: string }

export type Part =
  | {
      /** Members from the object down, joined by dots. */
      readonly from: string
      /** A list of objects, one object, or a list of plain values, each the member `value` of a row. */
      readonly as: 'list' | 'object' | 'values'
      /** A function, so that a shape can be below itself. */
      readonly shape: () => Shape
      /** Values or references that say the same twice are one row. */
      readonly isSet?: true
    }
  /** A second row from the same object, which reads only what it names. */
  | { readonly as: 'self'; readonly shape: () => Shape }

/** A part that is read from a member. */
export type MemberPart = Extract<Part, { from: string }>

/** The tables of a record, root first; every shape of a table must declare it alike. */
export function tablesOf(root: Shape): Table[] {
  const tables = new Map<string, Table>()
  for (const shape of shapesOf(root)) {
    const { table: name, key, columns } = shape
    const types = Object.entries(columns).map(([column, { type }]) => [column, type] as const)
    const table: Table = {
      name,
      key,
      columns: Object.fromEntries(types),
      root: shape === root ? null : root.table,
    }
    const { sentAs = {}, ...earlier } = tables.get(name) ?? table
    if (JSON.stringify(earlier) !== JSON.stringify(table)) {
      throw new Error(`The table ${name} is declared in two ways.`)
    }
    tables.set(name, { ...table, sentAs: withPaths(sentAs, columns) })
  }
  return [...tables.values()]
}

function withPaths(
  known: NonNullable<Table['sentAs']>,
  columns: Columns,
): NonNullable<Table['sentAs']> {
  const read = Object.entries(columns).flatMap(([name, { from }]) => {
    return from === undefined ? [] : [[name, [...new Set([...(known[name] ?? []), from])]] as const]
  })
  return { ...known, ...Object.fromEntries(read) }
}

/** The shape and every one below it, each once. */
export function shapesOf(root: Shape): Shape[] {
  const found = new Set([root])
  for (const shape of found) {
    for (const part of shape.parts ?? []) found.add(part.shape())
  }
  return [...found]
}
