import { readFileSync } from 'node:fs'
import { exportOperations } from '@regulars/contract/wire/exports'
import { describe, expect, test } from 'vitest'
import { type ExportStream, exportedUnits, exportStreams } from '../src/punchh/exported.ts'
import { punchhColumns } from '../src/punchh/tables.ts'

const at = { business: 'harbor', fetchedAt: '2026-11-20T10:00:00.000Z' }
const names = Object.keys(exportStreams) as ExportStream[]

type Schema = {
  properties?: Record<string, Schema>
  items?: Schema
  type?: string
  anyOf?: Schema[]
}

/** The members of a stream's row that are columns, not parts. */
function membersOf(stream: ExportStream): string[] {
  const operation = exportOperations.find(({ name }) => name === `export-${stream}`)
  const reply = operation?.replies[200] as Schema | undefined
  const row = reply?.properties?.rows?.items?.properties ?? {}
  return Object.entries(row)
    .filter(([, schema]) => schema.items === undefined && schema.properties === undefined)
    .map(([name]) => name)
}

function exampleOf(stream: ExportStream) {
  const file = new URL(`../../contract/examples/export-${stream}.reply.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')).rows
}

describe.each(names)('%s', (stream) => {
  test('has a stream for each one that a server exports, with a column for each member', () => {
    const columns = Object.keys(punchhColumns[exportStreams[stream]])
    expect(columns.filter((name) => name !== 'business').sort()).toEqual(membersOf(stream).sort())
  })

  test('as a server sends it is known to the last member', () => {
    const { units, setAside, notices } = exportedUnits(stream, exampleOf(stream), at)
    expect({ units: units.length, setAside, notices }).toEqual({
      units: 1,
      setAside: [],
      notices: [],
    })
    expect(units[0]).toMatchObject({
      table: exportStreams[stream],
      location: 'harbor',
      version: at.fetchedAt,
      deletedAt: null,
    })
  })

  test('sets aside what is no row, and goes on', () => {
    const { units, setAside } = exportedUnits(stream, [null, {}, ...exampleOf(stream)], at)
    // A business's own row is known by its label alone.
    const expected = stream === 'businesses' ? [2, 1] : [1, 2]
    expect([units.length, setAside.length]).toEqual(expected)
  })
})

test('every stream that a server exports is read', () => {
  expect(exportOperations.map(({ name }) => name)).toEqual(names.map((name) => `export-${name}`))
})

test('a redemption comes with its items and their lines', () => {
  const [unit] = exportedUnits('redemptions', exampleOf('redemptions'), at).units
  expect(unit?.id).toBe('b7c2e4')
  expect([...(unit?.rows.keys() ?? [])]).toEqual([
    'redemption',
    'redemption_item',
    'redemption_item_line',
  ])
  expect(unit?.rows.get('redemption_item')).toEqual([
    {
      business: 'harbor',
      redemption_ref: 'b7c2e4',
      redemption_id: 1000038,
      discount_basket_item_id: 1000036,
      discount_type: 'reward',
      discount_id: '1000022',
      discount_amount: '1.5',
      state: 'honored',
      redeemed_at: '2026-11-20T18:04:09.000Z',
      voided_at: null,
    },
  ])
  expect(unit?.rows.get('redemption_item_line')).toEqual([
    {
      business: 'harbor',
      redemption_id: 1000038,
      ordinal: 0,
      line: 0,
      item_id: '113',
      item_qty: '1',
      amount: '1.5',
    },
  ])
})

test('a guest comes with a balance for each unit, a receipt with its lines in order', () => {
  const [guest] = exportedUnits('guests', exampleOf('guests'), at).units
  expect(guest?.rows.get('guest_balance')).toEqual([
    {
      business: 'harbor',
      guest_id: 1000021,
      unit: 'points',
      available: '250',
      pending: '33',
      owed: '0',
    },
    {
      business: 'harbor',
      guest_id: 1000021,
      unit: 'visits',
      available: '0',
      pending: '0',
      owed: '0',
    },
    {
      business: 'harbor',
      guest_id: 1000021,
      unit: 'currency',
      available: '1.5',
      pending: '0',
      owed: '0',
    },
    {
      business: 'harbor',
      guest_id: 1000021,
      unit: 'fuel',
      available: '0',
      pending: '0',
      owed: '0',
    },
  ])
  const [receipt] = exportedUnits('receipts', exampleOf('receipts'), at).units
  const lines = receipt?.rows.get('receipt_line') ?? []
  expect(lines.map(({ ordinal, item_id, amount }) => [ordinal, item_id, amount])).toEqual([
    [0, '113', '6.5'],
    [1, '401', '6'],
  ])
})

test('an erased guest is gone, and its row has nothing personal', () => {
  const [row] = exampleOf('guests')
  const erased = { ...row, status: 'deleted', email: null, phone: null }
  const [unit] = exportedUnits('guests', [erased], at).units
  expect(unit?.deletedAt).toBe(at.fetchedAt)
  expect(unit?.rows.get('guest')).toMatchObject([{ status: 'deleted', email: null, phone: null }])
})

test('an entry is known by its guest and its place', () => {
  const [unit] = exportedUnits('ledger-entries', exampleOf('ledger-entries'), at).units
  expect(unit?.id).toBe('1000021/4')
})
