import type { RunningCounter } from '@regulars/server/start-counter'
import colours from 'picocolors'

/** One line of JSON: with exactly one business its members also stand at the top. */
export function startLine({ url, mode, businesses, curl }: RunningCounter): string {
  const [only] = businesses
  const top = businesses.length === 1 ? only : {}
  return `${JSON.stringify({ ...top, url, mode, curl, businesses })}\n`
}

/** What a person reads when the counter is ready. */
export function startText(counter: RunningCounter, seconds: number): string {
  const { url, mode, database, businesses, curl } = counter
  const lines = [
    '',
    `  ${colours.bold('Regulars')} listens on ${colours.cyan(url)} ${colours.dim(`(${mode} mode, ready in ${seconds.toFixed(1)} s)`)}`,
    '',
    row('documents', `${url}/docs`),
    row('database', database),
    ...businesses.flatMap(businessLines),
    ...(curl === null ? [] : ['', '  Try it:', '', `  ${curl}`]),
    '',
    colours.dim('  Ctrl-C stops it.'),
    '',
  ]
  return `${lines.join('\n')}\n`
}

type Business = RunningCounter['businesses'][number]

function businessLines(business: Business): string[] {
  const { locations, guests } = business
  return [
    '',
    `  ${colours.bold(business.name)}`,
    '',
    row('business_key', business.business_key),
    row('client', business.client),
    row('client_secret', business.client_secret),
    row('admin_key', business.admin_key),
    '',
    ...table(
      ['location_key', 'store_number', 'location_id', 'location'],
      locations.map((one) => [
        one.location_key,
        one.store_number,
        String(one.location_id),
        one.name,
      ]),
    ),
    ...(guests.length === 0 ? [] : ['']),
    ...table(
      ['guest', 'phone', 'card_number', 'id'],
      guests.map((one) => [
        one.email ?? one.external_id,
        one.phone ?? '',
        one.card_number ?? '',
        `${one.id}${one.banned ? ' (banned)' : ''}`,
      ]),
    ),
  ]
}

function row(name: string, value: string): string {
  return `  ${colours.dim(name.padEnd(14))} ${value}`
}

const rowsMax = 12 // a brand may have thousands of locations

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const shown = rows.slice(0, rowsMax)
  const widths = head.map((name, column) =>
    Math.max(...[head, ...shown].map((cells) => (cells[column] ?? name).length)),
  )
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()
  const more = rows.length - shown.length
  return [
    colours.dim(line(head)),
    ...shown.map(line),
    ...(more === 0 ? [] : [colours.dim(`  and ${more} more`)]),
  ]
}
