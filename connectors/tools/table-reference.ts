import { keepGenerated } from '../../contract/tools/keep-generated.ts'
import {
  type Column,
  type Given,
  type RecordShape,
  type Shape,
  shapesOf,
} from '../src/mapping/shape.ts'
import { personalColumns as punchhPersonalColumns, punchhTables } from '../src/punchh/tables.ts'
import { standardColumns, type Table } from '../src/table.ts'
import { personalColumns } from '../src/toast/records.ts'
import { recordShapes } from '../src/toast/tables.ts'

// Writes the references of the tables that Toast and Punchh are delivered in, from their
// declarations; with --check it writes nothing and fails when one is not current.

const command = 'npm run table-reference'

const roots: readonly RecordShape[] = Object.values(recordShapes)
const personal = new Set(personalColumns)

const givenTexts: Readonly<Record<Extract<Given, { given: string }>['given'], string>> = {
  location: 'the restaurant that was asked',
  fetchedAt: 'when it was fetched',
  businessDate: 'the business date that was asked for',
  ordinal: 'its place in the list, from 0',
  depth: 'how many rows of this table lead to it, itself included',
  path: 'the guids from the menu down to it',
  parentId: 'the id of the row above',
  parentPath: 'the path, or the id, of the row above',
  parentOrdinal: 'the place of the row above in its list, from 0',
}

const standardText = Object.entries(standardColumns)
  .map(([name, type]) => `\`${name}\` (${type})`)
  .join(', ')

keepGenerated(command, [
  { path: 'docs/reference/toast-tables.md', text: referenceText() },
  { path: 'docs/reference/punchh-columns.md', text: punchhText() },
])

function referenceText(): string {
  return `<!-- Made by: ${command} -->

# Toast tables

Every table that \`regulars sync toast\` delivers, with the columns of its key, what each column holds and
which member of Toast's answer it is read from. A table below another holds parts of its rows: they
are replaced together.

- Instants are UTC. A date that Toast sends as the Unix epoch is null: it means "not set".
- \`money\` is exact to 4 decimals and \`number\` to 12. Where Toast sends more, the value is rounded (halves
  to even) and what was sent is kept in \`_extra\`.
- A value that is not of its column's type leaves the column null and is kept in \`_extra\` as it was
  sent; a sync tells of it once.
- An integer \`…business_date\` is yyyymmdd as Toast sends it; the \`…business_day\` beside it is the same
  as a date.
- A part without an id of its own has \`gen-\`, the id of the row above and its place in the list.
- Columns marked "personal" hold people's data: names, phones, e-mails, addresses, wages. The
  configuration can drop or hash them.

Every table has these columns too: ${standardText}. \`_extra\` holds what Toast sent and no column takes, by its path: members nobody declared, values that are not of their column's type, and what was sent where a value had to be rounded.

${roots.map(rootText).join('\n')}`
}

function rootText(root: RecordShape): string {
  const shapes = shapesOf(root)
  const tables = new Map(shapes.map(({ table }) => [table, shapes.filter(isOf(table))]))
  return [...tables].map(([table, own]) => tableText(table, own, root)).join('\n')
}

function isOf(name: string): (shape: Shape) => boolean {
  return ({ table }) => table === name
}

/** Several shapes of one table differ only in their constants. */
function tableText(table: string, shapes: readonly Shape[], root: RecordShape): string {
  const [shape] = shapes
  if (shape === undefined) throw new Error(`${table} has no shape`)
  const isPart = shape !== root
  const rows = Object.entries(shape.columns).map(([name, column]) =>
    columnText(`${table}.${name}`, column, constantsOf(name, shapes)),
  )
  return `${isPart ? '###' : '##'} ${table}

Key: ${shape.key.map((name) => `\`${name}\``).join(', ')}. From: ${shape.source}.${isPart ? ` Part of \`${root.table}\`.` : ''}

| Column | Type | Read from | |
|---|---|---|---|
${rows.join('\n')}
`
}

function constantsOf(name: string, shapes: readonly Shape[]): string {
  const givens = shapes.flatMap(({ columns }) => columns[name]?.otherwise ?? [])
  const constants = givens.flatMap((given) =>
    'constant' in given ? [`\`${given.constant}\``] : [],
  )
  return [...new Set(constants)].join(' or ')
}

function columnText(path: string, column: Column, constants: string): string {
  const { type, from, otherwise } = column
  const sources = [
    ...(from === undefined ? [] : [`\`${from.replaceAll('#', '')}\``]),
    ...(otherwise === undefined ? [] : [givenText(otherwise, constants)]),
  ]
  const mark = personal.has(path) ? 'personal' : ''
  return `| \`${path.split('.')[1]}\` | ${type} | ${sources.join(', otherwise ')} | ${mark} |`
}

function givenText(given: Given, constants: string): string {
  if ('constant' in given) return constants
  if ('idOf' in given) return `the id of the \`${given.idOf}\` above`
  return givenTexts[given.given]
}

function punchhText(): string {
  return `<!-- Made by: ${command} -->

# Columns of a Punchh sync

Every table that \`regulars sync punchh\` fills, with its key and columns. What a row of each is, and
what differs from the example connector, is in [punchh-tables.md](punchh-tables.md).

- \`business\` is the business's label. Every other column is read from the member of its name; those
  of \`multiple_redemptions\` have its name before their own.
- Instants are UTC. \`money\` is exact to 4 decimals and \`number\` to 12.
- Columns marked "personal" hold people's data: of guests, or of the staff at the till. Only a Regulars
  server delivers them, and the configuration can drop or hash them.

Every table has these columns too: ${standardText}. \`_extra\` holds what no column takes, by its member.

${punchhTables.map(punchhTableText).join('\n')}`
}

function punchhTableText({ name, columns, key, root }: Table): string {
  const rows = Object.entries(columns).map(([column, type]) => {
    const mark = punchhPersonalColumns.includes(`${name}.${column}`) ? 'personal' : ''
    return `| \`${column}\` | ${type} | ${mark} |`
  })
  return `${root === null ? '##' : '###'} ${name}

Key: ${key.map((column) => `\`${column}\``).join(', ')}.${root === null ? '' : ` Part of \`${root}\`.`}

| Column | Type | |
|---|---|---|
${rows.join('\n')}
`
}
