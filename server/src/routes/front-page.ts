import type { FastifyInstance } from 'fastify'
import type { StartedBusiness } from '../started-business.ts'
import { escapeHtml } from './escape-html.ts'

/** What the page at `/` says. */
export type FrontPage = {
  url: string
  mode: 'live' | 'sandbox'
  /** A command to paste; null when there is nothing to try. */
  curl: string | null
  /** Keys that stand in program files; empty where they are nobody else's business. */
  businesses: readonly StartedBusiness[]
}

/** Answers GET / with a plain page: where it listens, what it can be tried with, where to read on. */
export function serveFrontPage(app: FastifyInstance, page: () => FrontPage): void {
  app.get('/', async (_request, reply) => {
    return reply
      .type('text/html; charset=utf-8')
      .header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
      .header('Cache-Control', 'no-store')
      .send(htmlOf(page()))
  })
}

function htmlOf({ url, mode, curl, businesses }: FrontPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Regulars</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 60rem; padding: 0 1rem }
h1 { margin-bottom: 0 }
pre, code { font: 14px/1.5 ui-monospace, monospace }
pre { background: #f3f1ec; color: #222; overflow-wrap: anywhere; padding: 1rem; white-space: pre-wrap }
table { border-collapse: collapse; display: block; margin: 1rem 0; overflow-x: auto }
th, td { border-bottom: 1px solid #8884; padding: 0.3rem 1.5rem 0.3rem 0; text-align: left; vertical-align: top }
</style>
</head>
<body>
<main>
<h1>Regulars</h1>
<p>The loyalty counter listens on <code>${escapeHtml(url)}</code>${mode === 'sandbox' ? ' in sandbox mode' : ''}.</p>
<p><a href="/docs">Read what it answers</a>, or take its <a href="/openapi.json">OpenAPI document</a> or <a href="/postman.json">Postman collection</a>.</p>
${curl === null ? '' : `<h2>Try it</h2>\n<pre>${escapeHtml(curl)}</pre>`}
${businesses.map(businessHtml).join('\n')}
</main>
</body>
</html>
`
}

function businessHtml(business: StartedBusiness): string {
  return `<h2>${escapeHtml(business.name)}</h2>
${table(
  ['Key', 'Value'],
  [
    ['business_key', business.business_key],
    ['client', business.client],
    ['client_secret', business.client_secret],
    ['admin_key', business.admin_key],
  ],
)}
${table(
  ['Location', 'store_number', 'location_id', 'location_key'],
  business.locations.map((one) => [
    one.name,
    one.store_number,
    String(one.location_id),
    one.location_key,
  ]),
)}
${table(
  ['Guest', 'email', 'phone', 'card_number'],
  business.guests.map((one) => [
    `${one.first_name} ${one.last_name}${one.banned ? ' (banned)' : ''}`,
    one.email ?? '',
    one.phone ?? '',
    one.card_number ?? '',
  ]),
)}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const cells = (row: readonly string[]) => {
    const [name = '', ...values] = row.map(escapeHtml)
    return `<tr><th scope="row">${name}</th>${values.map((value) => `<td><code>${value}</code></td>`).join('')}</tr>`
  }
  const heads = head.map((word) => `<th scope="col">${escapeHtml(word)}</th>`).join('')
  return `<table><thead><tr>${heads}</tr></thead><tbody>${rows.map(cells).join('')}</tbody></table>`
}
