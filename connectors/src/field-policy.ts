import { createHash } from 'node:crypto'
import type { Unit } from './destination.ts'
import type { Source, Stream } from './source.ts'
import type { Row, Table, Value } from './table.ts'

/** What becomes of a column's values: kept as they are, replaced by their SHA-256, or left out. */
export type FieldChoice = 'keep' | 'hash' | 'drop'

/** By `table.column`. */
export type FieldPolicy = ReadonlyMap<string, FieldChoice>

const choices: readonly string[] = ['keep', 'hash', 'drop'] satisfies FieldChoice[]

/** Reads `{"employee.phone_number": "hash"}`; problems go to `say` under `fields`. */
export function readFields(
  value: unknown,
  say: (member: string, problem: string) => void,
): FieldPolicy {
  if (value === undefined || value === null) return new Map()
  if (typeof value !== 'object' || Array.isArray(value)) {
    say('fields', 'must be an object from table.column to keep, hash or drop.')
    return new Map()
  }
  const entries = Object.entries(value).filter(([name, choice]) => {
    const isSound = /^\w+\.\w+$/.test(name) && choices.includes(String(choice))
    if (!isSound) say(`fields.${name}`, 'must be table.column with keep, hash or drop.')
    return isSound
  })
  return new Map(entries as [string, FieldChoice][])
}

/** The columns a policy names that no table has, or whose values cannot be left out. */
export function policyProblems(policy: FieldPolicy, tables: readonly Table[]): string[] {
  const byName = new Map(tables.map((table) => [table.name, table]))
  return [...policy].flatMap(([name, choice]) => {
    const [tableName = '', column = ''] = name.split('.')
    const table = byName.get(tableName)
    if (table === undefined || !Object.hasOwn(table.columns, column)) {
      return [`fields.${name}: there is no such column.`]
    }
    if (choice === 'keep') return []
    if (table.key.includes(column)) return [`fields.${name}: a key column is always kept.`]
    if (choice === 'hash' && !['text', 'json'].includes(table.columns[column] ?? '')) {
      return [`fields.${name}: only text can be hashed; drop it, or keep it.`]
    }
    return []
  })
}

/**
 * The same unit with its columns kept, hashed or left out. Its hash is then also of the policy and
 * of the tables' columns: another policy, or a column that is new, makes other rows of one record.
 */
export function withPolicy(policy: FieldPolicy, tables: readonly Table[]): (unit: Unit) => Unit {
  const byTable = new Map<string, [string, FieldChoice][]>()
  for (const [name, choice] of policy) {
    const [table = '', column = ''] = name.split('.')
    if (choice !== 'keep') byTable.set(table, [...(byTable.get(table) ?? []), [column, choice]])
  }
  const sentAs = new Map(tables.map((table) => [table.name, table.sentAs ?? {}]))
  const declared = tables.map(({ name, columns, key }) => [name, columns, key])
  const fingerprint = hashed(JSON.stringify([declared, [...byTable].sort()])).slice(0, 8)
  return (unit) => ({
    ...unit,
    hash: `${unit.hash}-${fingerprint}`,
    rows: byTable.size === 0 ? unit.rows : new Map([...unit.rows].map(rowsApplied)),
  })

  function rowsApplied([table, rows]: [string, readonly Row[]]): [string, readonly Row[]] {
    const columns = byTable.get(table)
    if (columns === undefined) return [table, rows]
    const paths = columns.flatMap(([column]) => sentAs.get(table)?.[column] ?? [column])
    return [table, rows.map((row) => withoutExtra(applied(row, columns), paths))]
  }
}

/** A source whose records become rows as the policy wants them. */
export function sourceWithPolicy(source: Source, policy: FieldPolicy): Source {
  const apply = withPolicy(policy, source.tables)
  return { ...source, streams: source.streams.map((stream) => streamWith(apply, stream)) }
}

export function streamWith(apply: (unit: Unit) => Unit, stream: Stream): Stream {
  const { recall, unitsOf } = stream
  const applying: Stream = { ...stream, unitsOf: (...given) => unitsOf(...given).map(apply) }
  if (recall === undefined) return applying
  return {
    ...applying,
    recall(...given) {
      const recalled = recall(...given)
      return { ...recalled, units: recalled.units.map(apply) }
    },
  }
}

function applied(row: Row, columns: readonly [string, FieldChoice][]): Row {
  const result: Record<string, Value> = { ...row }
  for (const [column, choice] of columns) {
    const value = result[column]
    if (value === null || value === undefined) continue
    result[column] = choice === 'drop' ? null : hashed(String(value))
  }
  return result
}

/**
 * What a column could not take is not kept beside it when the column is not: nor is an object in
 * which it would stand.
 */
function withoutExtra(row: Row, paths: readonly string[]): Row {
  if (typeof row._extra !== 'string') return row
  const kept = Object.entries(JSON.parse(row._extra)).filter(([name]) => {
    const member = name.replace(/#+$/, '')
    return !paths.some((path) => isWithin(path, member) || isWithin(member, path))
  })
  const extra = kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept))
  return { ...row, _extra: extra }
}

function isWithin(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}.`)
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
