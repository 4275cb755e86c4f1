import type { Within } from '../destination.ts'
import type { Connection } from './connection.ts'
import type { OwnTable } from './own-tables.ts'
import type { Column, StoredTable } from './stored-table.ts'

/** A name as an identifier in both dialects. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function list(columns: readonly { readonly name: string }[]): string {
  return columns.map((column) => quoted(column.name)).join(', ')
}

/** `left.key = right.key`, column by column. */
export function sameKey(
  key: readonly { readonly name: string }[],
  { left, right }: { left: string; right: string },
): string {
  return key.map(({ name }) => `${left}.${quoted(name)} = ${right}.${quoted(name)}`).join(' and ')
}

/** The declared columns in the order `insert` names them, and what each is filled from. */
export function filling(
  table: StoredTable,
  from: string,
  writtenAt: string,
): { columns: string; values: string } {
  const instant = `timestamptz '${writtenAt}'`
  const values = table.columns.map(({ name }) => {
    if (name === '_synced_at' || name === '_fivetran_synced') return instant
    if (name === '_fivetran_deleted') return `${from}._deleted_at is not null`
    return `${from}.${quoted(name)}`
  })
  return { columns: list(table.columns), values: values.join(', ') }
}

/** How stored roots compare with the staged ones: position, and older, unchanged or changed. */
export function compareRoots(on: Connection, table: StoredTable, staged: string): string {
  return `
    select incoming._unit_position,
           case when stored._version > incoming._unit_version then 'older'
                when stored._source_hash = incoming._unit_hash
                     and (stored._deleted_at is null) = incoming._unit_is_live then 'unchanged'
                else 'changed' end as standing
      from ${on.name(table)} as stored
      join ${staged} as incoming on ${sameKey(table.key, { left: 'stored', right: 'incoming' })}`
}

/**
 * Marks the parts of `replaced` roots that are not among those held. `held` is null where the new
 * versions hold no part of this table.
 */
export function markMissing(
  on: Connection,
  table: StoredTable,
  { replaced, held }: { replaced: string; held: string | null },
): string {
  const unlessHeld =
    held === null
      ? ''
      : `and not exists (select 1 from ${held} as held
                          where ${sameKey(table.key, { left: 'held', right: 'part' })}
                            and held._root_id = part._root_id)`
  return `
    update ${on.name(table)} as part
       set ${deletion('replaced.gone_at', '$1')}
      from ${replaced} as replaced
     where part.${quoted(table.location.name)} = ${castTo(on, table.location, 'replaced.location')}
       and part._root_id = replaced.id
       and part._deleted_at is null
       ${unlessHeld}`
}

/**
 * Roots that are not among `kept` though the reading at `position` of `scopes` would have shown
 * them: position and id. All the readings are narrowed by `within`, each by bounds of its own.
 */
export function findMissing(
  on: Connection,
  table: StoredTable,
  { within, scopes, kept }: { within: readonly Within[]; scopes: string; kept: string },
): string {
  const conditions = narrowed(on, table, within)
  return `
    select scope.position, ${idOf('stored', table)} as id
      from ${on.name(table)} as stored
      join ${scopes} as scope
        on stored.${quoted(table.location.name)} = ${castTo(on, table.location, 'scope.location')}
           ${conditions.map((condition) => `and ${condition}`).join('\n')}
     where stored._deleted_at is null
       and (stored._version is null or stored._version <= scope.read_at)
       and not exists (select 1 from ${kept} as kept
                        where kept.position = scope.position
                          and kept.id = ${idOf('stored', table)})`
}

/** Marks the roots that are among `gone`. $1 written at. */
export function removeRoots(on: Connection, table: StoredTable, gone: string): string {
  return `
    update ${on.name(table)} as stored
       set ${deletion('gone.gone_at', '$1')}
      from ${gone} as gone
     where stored.${quoted(table.location.name)} = ${castTo(on, table.location, 'gone.location')}
       and ${idOf('stored', table)} = gone.id
       and stored._deleted_at is null`
}

/** Takes out the rows of one of our own tables that staged rows replace. */
export function deleteStaged(
  on: Connection,
  table: OwnTable,
  staged: string,
  key: readonly string[],
): string {
  const same = key.map((name) => ({ name }))
  return `
    delete from ${on.name(table)} as stored
     where exists (select 1 from ${staged} as staged
                    where ${sameKey(same, { left: 'stored', right: 'staged' })})`
}

export function insertStaged(on: Connection, table: OwnTable, staged: string): string {
  const columns = list(table.columns)
  return `insert into ${on.name(table)} (${columns}) select ${columns} from ${staged}`
}

/** Resolves open records whose unit is stored now. $1 written at, $2 the source. */
export function resolveUnits(on: Connection, table: OwnTable, stored: string): string {
  return `
    update ${on.name(table)} as record
       set resolved_at = cast($1 as timestamptz)
      from ${stored} as unit
     where record.source = $2
       and record.resolved_at is null
       and record.table_name = unit.table_name
       and record.location = unit.location
       and record.id = unit.id`
}

// A record without an id is told from others by what it holds.
const sameRecord = `
  record.source = staged.source
  and record.location = staged.location
  and record.stream = staged.stream
  and record.table_name = staged.table_name
  and record.reason = staged.reason
  and coalesce(record.id, record.payload) = coalesce(staged.id, staged.payload)
  and (record.id is null) = (staged.id is null)`

/** Forgets resolved records that come again, so that they are kept as new ones. */
export function forgetResolved(on: Connection, table: OwnTable, staged: string): string {
  return `
    delete from ${on.name(table)} as record
     where record.resolved_at is not null
       and exists (select 1 from ${staged} as staged where ${sameRecord})`
}

/** Keeps the records that are not known yet. */
export function keepUnknown(on: Connection, table: OwnTable, staged: string): string {
  const columns = list(table.columns)
  return `
    insert into ${on.name(table)} (${columns})
    select ${columns} from ${staged} as staged
     where not exists (select 1 from ${on.name(table)} as record where ${sameRecord})`
}

function deletion(deletedAt: string, writtenAt: string): string {
  return `_deleted_at = ${deletedAt}, _fivetran_deleted = true,
          _synced_at = cast(${writtenAt} as timestamptz),
          _fivetran_synced = cast(${writtenAt} as timestamptz)`
}

function idOf(alias: string, table: StoredTable): string {
  const parts = table.id.map(({ name }) => `cast(${alias}.${quoted(name)} as text)`)
  return parts.length === 1 ? parts.join() : `concat_ws('/', ${parts.join(', ')})`
}

export function castTo(on: Connection, column: Column, expression: string): string {
  return `cast(${expression} as ${on.types[column.type]})`
}

/** The name of a scope's bound, counted from 0 over all that narrows it. */
export function boundName(index: number): string {
  return `bound_${index}`
}

function narrowed(on: Connection, table: StoredTable, within: readonly Within[]): string[] {
  const operators = within.flatMap((one) => {
    const column = table.columns.find(({ name }) => name === one.column)
    if (column === undefined) throw new Error(`${table.name} has no column ${one.column}`)
    return ('equals' in one ? ['='] : ['>=', '<']).map((operator) => ({ column, operator }))
  })
  return operators.map(({ column, operator }, index) => {
    const bound = castTo(on, column, `scope.${boundName(index)}`)
    return `stored.${quoted(column.name)} ${operator} ${bound}`
  })
}
