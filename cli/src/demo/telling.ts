import { toDecimalText } from '@regulars/contract/values/money'
import colours from 'picocolors'
import type { CheckLine } from './check.ts'
import { jsonLines, visibleLength } from './json-text.ts'
import type { Ledger, Told } from './sale.ts'
import { type Scene, scenes } from './scenes.ts'
import type { WireCall } from './wire.ts'

/** Narrow enough for a terminal of 100 columns. */
const columns = 99
const indent = '     '
const jsonColumns = columns - indent.length - 2

/** Tells a sale to a person; numbers its calls. */
export function openTelling(write: (text: string) => void): (told: Told) => void {
  let number = 0
  return (told) => {
    if (told.kind === 'called') number += 1
    write(`${linesOf(told, number).join('\n')}\n`)
  }
}

function linesOf(told: Told, number: number): string[] {
  switch (told.kind) {
    case 'opened':
      return [
        '',
        ...spread(colours.bold(`One sale at ${told.location}`), colours.dim(told.url), ' '),
      ]
    case 'called':
      return calledLines(told, number)
    case 'check':
      return checkLines(told.title, told.lines)
    case 'closed':
      return closedLines(told)
  }
}

function calledLines({ scene, call, ...kept }: Extract<Told, { kind: 'called' }>, number: number) {
  const { title, says, sent, got }: Scene = scenes[scene]
  const took = colours.dim(`${call.milliseconds.toFixed(1)} ms`)
  const status = String(call.status)
  return [
    '',
    ...spread(colours.bold(`${String(number).padStart(3)}  ${title}`), took),
    ...(says === '' ? [] : [`${indent}${colours.dim(says)}`]),
    `${indent}${colours.cyan('→')} ${colours.bold(call.method)} ${[call.path, ...headerTexts(call.requestHeaders)].join('  ')}`,
    // What a GET sends stands in its address.
    ...(call.method === 'GET' ? [] : block(jsonLines(call.request, sent, jsonColumns))),
    `${indent}${colours.cyan('←')} ${[
      call.status < 400 ? colours.green(status) : colours.red(status),
      ...headerTexts(call.headers),
    ].join('  ')}`,
    ...replyLines(call, got),
    ...ledgerLines(kept),
  ]
}

function headerTexts(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => colours.yellow(`${name}: ${value}`))
}

function replyLines({ reply }: WireCall, got: Scene['got']): string[] {
  const isEmpty = reply === null || Object.keys(reply as object).length === 0
  return isEmpty ? [] : block(jsonLines(reply, got, jsonColumns))
}

function block(lines: readonly string[]): string[] {
  return lines.map((line) => `${indent}  ${line}`)
}

function ledgerLines({
  entries,
  ledger,
}: {
  entries: Ledger['entries']
  ledger: Ledger
}): string[] {
  const label = `${indent}${colours.yellow('ledger')}  `
  const balances = `${colours.dim('=')} ${balancesText(ledger)}`
  if (entries.length === 0) return [`${label}${colours.dim('unmoved')}  ${balances}`]
  const rows = [...entries.map(entryText), balances]
  return rows.map((row, place) => `${place === 0 ? label : `${indent}        `}${row}`)
}

function entryText({ seq, unit, from, to, amount, lot_no, cause }: Ledger['entries'][number]) {
  const much = unit === 'currency' ? amount.toFixed(2) : String(amount)
  const arrow = colours.cyan('→')
  const sign = to.startsWith('guest') ? colours.green('+') : colours.red('−')
  return (
    `${colours.dim(`#${seq}`.padEnd(4))} ${sign}${much.padStart(7)} ${unit.padEnd(8)}  ` +
    `${from.padStart(8)} ${arrow} ${to.padEnd(13)}  ${cause.padEnd(11)} ${colours.dim(`lot ${lot_no}`)}`
  )
}

function balancesText({ balances: { points, currency } }: Ledger): string {
  const pending = points.pending === 0 ? '' : ` and ${points.pending} pending`
  return `${colours.bold(String(points.available))} points${pending}, ${colours.bold(currency.available.toFixed(2))} banked`
}

const amountColumn = 46

function checkLines(title: string, lines: readonly CheckLine[]): string[] {
  const paid = lines.find(({ type }) => type === 'P')
  const edge = (text: string) => `${indent}${colours.dim('│')} ${text}`
  const rule = (corner: string) =>
    `${indent}${colours.dim(`${corner}${'─'.repeat(amountColumn + 1)}`)}`
  const sum = lines.reduce(
    (total, { type, amountCents }) =>
      type === 'D' ? total - amountCents : type === 'P' ? total : total + amountCents,
    0,
  )
  const total = toDecimalText((paid?.amountCents ?? sum) as CheckLine['amountCents'])
  return [
    '',
    `${rule('┌')}`,
    edge(colours.bold(title)),
    ...lines.filter(({ type }) => type !== 'P').map((line) => edge(checkLine(line))),
    edge(colours.bold(amountRow(paid === undefined ? 'To pay' : paid.name, total))),
    rule('└'),
  ]
}

function checkLine({ type, name, amountCents, serial }: CheckLine): string {
  const amount = toDecimalText(amountCents)
  if (type === 'D') return colours.green(amountRow(`− ${name}`, `−${amount}`))
  const isModifier = type === 'M' && !serial.endsWith('.0')
  const row = amountRow(`${isModifier ? '  ' : ''}${name}`, amount)
  return type === 'T' ? colours.dim(row) : row
}

function amountRow(name: string, amount: string): string {
  return `${name}${amount.padStart(amountColumn - name.length)}`
}

function closedLines({ calls, milliseconds, ledger }: Extract<Told, { kind: 'closed' }>): string[] {
  const mean = (milliseconds / calls).toFixed(1)
  return [
    '',
    `${indent}${colours.bold('Her whole ledger')}`,
    ...ledger.entries.map((entry) => `${indent}        ${entryText(entry)}`),
    `${indent}        ${colours.dim('=')} ${balancesText(ledger)}`,
    '',
    `  ${colours.green('✓')} ${calls} calls, ${mean} ms each. Hold it to the ledger: ${colours.cyan('npx regulars verify')}`,
    '',
  ]
}

/** One line with its end at the right edge. */
function spread(left: string, right: string, margin = ''): string[] {
  const gap = columns - visibleLength(left) - visibleLength(right) - margin.length
  return [`${margin}${left}${' '.repeat(Math.max(2, gap))}${right}`]
}
