import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { personalColumns, punchhTables } from '../src/punchh/tables.ts'

test('the columns that hold a person’s data are columns, and none of them is of a key', () => {
  const columns = punchhTables.flatMap(({ name, columns, key }) =>
    Object.keys(columns)
      .filter((column) => !key.includes(column))
      .map((column) => `${name}.${column}`),
  )
  expect(personalColumns.filter((column) => !columns.includes(column))).toEqual([])
})

test('the guide names every column that holds a person’s data', () => {
  const guide = readFileSync('docs/guides/warehouse.md', 'utf8')
  const named = guide.split('\n').flatMap((line) => {
    const [, tables = '', columns = ''] = /^\| (.*) \| (.*) \|$/.exec(line) ?? []
    return wordsIn(tables).flatMap((table) => wordsIn(columns).map((one) => `${table}.${one}`))
  })
  expect(personalColumns.filter((column) => !named.includes(column))).toEqual([])
})

function wordsIn(cell: string): string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(([, word = '']) => word)
}
