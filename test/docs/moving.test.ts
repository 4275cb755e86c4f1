import { readFileSync } from 'node:fs'
import { toastSource } from '@regulars/connectors/toast-streams'
import { expect, test } from 'vitest'
import { tableUnder } from './pages.ts'

const page = readFileSync('docs/guides/moving.md', 'utf8')
const { tables } = toastSource({ historySpacingSeconds: 0 })

const rows = tableUnder(page, '## Table by table: Toast').flatMap((row) => {
  const { Table = '', Types: types = '', 'Key here, after `restaurant_id`': key = '' } = row
  return namesIn(Table).map((name) => ({ name, key, types }))
})

test.each(rows)('$name has the types that the moving guide tells', ({ name, types }) => {
  const columns = columnsOf(name)
  expect(changesIn(types).filter(({ column, type }) => columns[column] !== type)).toEqual([])
})

const keyed = rows.filter(({ key }) => /^`\w+`(, `\w+`)*( instead|;|$)/.test(key))

test.each(keyed)('$name has the key that the moving guide tells', ({ name, key }) => {
  const [said = ''] = key.split(/ instead|;/)
  const own = tables.find((table) => table.name === name)?.key
  expect(own?.filter((column) => column !== 'restaurant_id')).toEqual(namesIn(said))
})

/** `a`, `b` text → json; `c` → money: each column with its type here. What ends in … is a part. */
function changesIn(text: string): { column: string; type: string }[] {
  return text.split(';').flatMap((change) => {
    const [columns = '', type = ''] = change.split('→').map((part) => part.trim())
    return namesIn(columns).map((column) => ({ column, type }))
  })
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
}

function columnsOf(name: string): Readonly<Record<string, string>> {
  const table = tables.find((one) => one.name === name)
  if (table === undefined) throw new Error(`there is no table ${name}`)
  return table.columns
}
