import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Batch, DestinationRefused } from '../src/destination.ts'
import type { ColumnType, Row, Table, Value } from '../src/table.ts'
import {
  kinds,
  makePlace,
  newSchema,
  type Place,
  readRows,
  storedRows,
} from './destination-under-test.ts'

const version = '2026-11-20T21:09:58.123Z'

/** One root row per list of values. */
function batchOf(table: Table, rows: readonly Row[]): Batch {
  const units = rows.map((row, index) => ({
    table: table.name,
    location: 'north',
    id: String(index),
    version,
    hash: `${index}`,
    deletedAt: null,
    rows: new Map([[table.name, [{ location: 'north', id: index, ...row }]]]),
  }))
  return { units, removals: [], states: [], quarantined: [] }
}

function tableOf(columns: Readonly<Record<string, ColumnType>>, name = 'everything'): Table {
  const all = { location: 'text', id: 'integer', ...columns } as const
  return { name, columns: all, key: ['location', 'id'], root: null }
}

const unusual = '\u{1F35F} caf\u00e9 \ufffd \u2028 \u0007 \u202e'

/** Per type: what is given, and what is there afterwards where that reads differently. */
const roundTrips: Record<ColumnType, readonly ([Value, unknown] | [Value])[]> = {
  text: [
    [''],
    [' \t leading and trailing \t '],
    ['"double" \'single\' `back` \\ \\N \\. \\t \\\\'],
    ['line\nline\r\nline\rtab\t'],
    [unusual],
    ['null'],
    ['\\N'],
    ['x'.repeat(1_000_000)],
    ['\u{1F35F}'.repeat(250_000)],
    ['nul\0nul', 'nul\ufffdnul'],
    ['half \ud83c a pair', 'half \ufffd a pair'],
  ],
  boolean: [[true], [false]],
  integer: [[0], [-1], [Number.MAX_SAFE_INTEGER], [Number.MIN_SAFE_INTEGER]],
  money: [
    ['99999999999999.9999'],
    ['-99999999999999.9999'],
    ['0.0001'],
    ['-0.0001'],
    ['12', '12.0000'],
    ['0.1', '0.1000'],
  ],
  number: [
    ['9999999999999999.999999999999'],
    ['-9999999999999999.999999999999'],
    ['0.000000000001'],
    ['999999.999999999999'],
    ['1000000.000000000001'],
    ['7', '7.000000000000'],
  ],
  double: [[0], [0.1], [-1.5e300], [5e-324], [Number.MAX_VALUE], [1 / 3]],
  timestamp: [
    ['2026-11-20T21:09:58.123Z'],
    ['1970-01-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z'],
    ['2026-03-08T10:00:00Z', '2026-03-08T10:00:00.000Z'],
    ['2026-11-01T06:30:00.5Z', '2026-11-01T06:30:00.500Z'],
  ],
  date: [['2026-11-20'], ['2024-02-29'], ['0001-01-01'], ['9999-12-31']],
  json: [
    ['null', { json: null }],
    ['"text"', { json: 'text' }],
    ['{"a":[1,2,{"b":"\\" \\\\ \\n \u{1F35F}"}],"c":null}'],
    ['[]', { json: [] }],
    ['{"nul":"a\\u0000b"}', { json: { nul: 'a\ufffdb' } }],
    ['{"half":"\\ud83c","pair":"\\ud83c\\udf5f"}', { json: { half: '\ufffd', pair: '\u{1F35F}' } }],
    ['{"escaped":"\\\\u0000"}', { json: { escaped: '\\u0000' } }],
  ],
}

/** What is no value of a type, and must not be rounded or guessed into one. */
const refused: Record<ColumnType, readonly Value[]> = {
  text: [1, true],
  boolean: ['true', 1],
  integer: [1.5, 2 ** 53, '1'],
  money: ['1.00001', '100000000000000', '1e3', '', 1.5, ' 1', 'NaN'],
  number: ['1.0000000000001', '10000000000000000', '1E-3', '.5', 2],
  double: [Number.NaN, Number.POSITIVE_INFINITY, '1'],
  timestamp: ['2026-11-20 21:09:58', '2026-11-20T21:09:58+01:00', '2026-11-20', 0],
  date: ['20261120', '2026-11-20T00:00:00.000Z', 20261120],
  json: [1, true],
}

const types = Object.keys(roundTrips) as ColumnType[]

describe.each(kinds)('%s', (kind) => {
  let place: Place
  beforeAll(async () => {
    place = await makePlace[kind]()
  })
  afterAll(() => place.remove())

  /** Stores rows in a schema of their own and reads them back. */
  async function throughStore(table: Table, rows: readonly Row[]) {
    const schema = newSchema()
    const destination = await place.open('toast', schema)
    await destination.prepare([table])
    await destination.write(batchOf(table, rows))
    await destination.close()
    return storedRows(place, table, schema)
  }

  test.each(types)('every %s comes back as it was given', async (type) => {
    const table = tableOf({ value: type })
    const cases = [...roundTrips[type], [null, null]] as const
    const stored = await throughStore(
      table,
      cases.map(([value]) => ({ value })),
    )
    expect(stored.map((row) => row.value)).toEqual(
      cases.map(([value, expected]) => {
        if (expected !== undefined) return expected
        return type === 'json' ? { json: JSON.parse(String(value)) } : value
      }),
    )
  })

  test('any text comes back, but for what no database keeps', async () => {
    const table = tableOf({ value: 'text' })
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), 2_000)
    const stored = await throughStore(
      table,
      texts.map((value) => ({ value })),
    )
    expect(stored.map((row) => row.value)).toEqual(
      texts.map((text) => text.toWellFormed().replaceAll('\0', '\ufffd')),
    )
  })

  test('any JSON comes back as what it says', async () => {
    const table = tableOf({ value: 'json' })
    const values = fc.sample(fc.jsonValue({ stringUnit: 'grapheme' }), 300)
    const stored = await throughStore(
      table,
      values.map((value) => ({ value: JSON.stringify(value) })),
    )
    const asStored = (json: unknown) =>
      JSON.parse(JSON.stringify(json).replaceAll('\\u0000', '\ufffd'))
    expect(stored.map((row) => row.value)).toEqual(values.map((json) => ({ json: asStored(json) })))
  })

  test('a value of another type is refused, and named without being shown', async () => {
    const schema = newSchema()
    const destination = await place.open('toast', schema)
    const tables = types.map((type) => tableOf({ value: type }, `holds_${type}`))
    await destination.prepare(tables)
    for (const [index, type] of types.entries()) {
      for (const value of refused[type]) {
        const writing = destination.write(batchOf(tables[index]!, [{ value }]))
        await expect(writing, `${type} ${value}`).rejects.toThrow(
          `holds_${type}.value is ${type} and was given another ${typeof value}`,
        )
      }
    }
    await destination.close()
  })

  test('names that are words of SQL, or need quotes, are names like others', async () => {
    const columns = { select: 'text', order: 'date', 'a "b"': 'text', date: 'date' } as const
    const row = { select: 's', order: '2026-01-01', 'a "b"': 'b', date: '2026-01-02' }
    for (const name of ['break', 'tables', 'user', 'with "quotes" and \'more\'']) {
      expect(await throughStore(tableOf(columns, name), [row])).toMatchObject([row])
    }
  })

  test('a column that is declared later is added, and earlier rows have null there', async () => {
    const schema = newSchema()
    const before = tableOf({ note: 'text' })
    const after = tableOf({ note: 'text', total: 'money', day: 'date' })
    for (const [table, index] of [
      [before, 1],
      [after, 2],
    ] as const) {
      const destination = await place.open('toast', schema)
      await destination.prepare([table])
      const row = { id: index, note: 'n', ...(table === after && { total: '1.5' }) }
      await destination.write(batchOf(table, [row]))
      await destination.close()
    }
    expect(await storedRows(place, after, schema)).toMatchObject([
      { id: 1, note: 'n', total: null, day: null },
      { id: 2, note: 'n', total: '1.5000', day: null },
    ])
  })

  test('a table that lost a declared column keeps it', async () => {
    const schema = newSchema()
    const wide = tableOf({ note: 'text', total: 'money' })
    const narrow = tableOf({ note: 'text' })
    const destination = await place.open('toast', schema)
    await destination.prepare([wide])
    await destination.write(batchOf(wide, [{ note: 'n', total: '1' }]))
    await destination.prepare([narrow])
    await destination.write(batchOf(narrow, [{ id: 1, note: 'm' }]))
    await destination.close()
    expect(await storedRows(place, wide, schema)).toMatchObject([
      { note: 'n', total: '1.0000' },
      { note: 'm', total: null },
    ])
  })

  test('a column of another type is refused by name, and nothing is made', async () => {
    const schema = newSchema()
    const destination = await place.open('toast', schema)
    await destination.prepare([tableOf({ total: 'text' })])
    const preparing = destination.prepare([
      tableOf({ note: 'text' }, 'another'),
      tableOf({ total: 'money' }),
    ])
    await expect(preparing).rejects.toThrow(DestinationRefused)
    await expect(preparing).rejects.toThrow(/^Column total of table everything is .*; rename/)
    await destination.close()
    const [tables] = await place.query([
      `select table_name as name from information_schema.tables
        where table_schema = '${schema}' order by table_name`,
    ])
    expect(tables!.map(({ name }) => name)).toEqual([
      'everything',
      'quarantine',
      'sync_run',
      'sync_state',
    ])
  })

  test('a view of a table’s name is refused', async () => {
    await place.query([`create schema viewed`, `create view viewed.everything as select 1 as id`])
    const destination = await place.open('toast', 'viewed')
    await expect(destination.prepare([tableOf({})])).rejects.toThrow(
      'everything in the destination is not a table; rename it, or name another destination.',
    )
    await destination.close()
  })

  test('a table that has not the key is refused', async () => {
    await place.query([
      `create schema keyed`,
      `create table keyed.everything (id bigint primary key)`,
    ])
    const destination = await place.open('toast', 'keyed')
    await expect(destination.prepare([tableOf({})])).rejects.toThrow(
      'Table everything in the destination has another key than (location, id); rename',
    )
    await destination.close()
  })

  test('what was written names the instant of writing', async () => {
    const schema = newSchema()
    const table = tableOf({})
    const before = Date.now()
    const destination = await place.open('toast', schema)
    await destination.prepare([table])
    await destination.write(batchOf(table, [{}]))
    await destination.close()
    const columns = { _synced_at: 'timestamp', _fivetran_synced: 'timestamp' } as const
    const [row] = await readRows(place, { schema, name: table.name, columns, order: ['id'] })
    expect(row!._synced_at).toBe(row!._fivetran_synced)
    const written = Date.parse(String(row!._synced_at))
    expect(written).toBeGreaterThanOrEqual(before)
    expect(written).toBeLessThanOrEqual(Date.now())
  })
})
