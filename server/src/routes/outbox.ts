import { toWireInstant } from '@regulars/contract/values/instants'
import { sandboxOutbox } from '@regulars/contract/wire/sandbox'
import { listMessages, type SandboxMessage } from '../store/outbox.ts'
import { ok, type Reply, type Route, route } from './call.ts'
import { escapeHtml } from './escape-html.ts'

const messagesMax = 100

/** The page of one-time codes. For the practice mode alone: it shows everybody's. */
export const outboxRoutes: readonly Route[] = [
  route(sandboxOutbox, async (deps, { wantsPage }) => {
    const messages = await listMessages(deps.db, messagesMax)
    return wantsPage ? pageOf(messages) : ok({ messages: messages.map(messageReply) })
  }),
]

function messageReply({ channel, recipient, code, at }: SandboxMessage) {
  return { channel, to: recipient, code, sent_at: toWireInstant(at) }
}

function pageOf(messages: readonly SandboxMessage[]): Reply {
  const rows = messages.map(messageReply).map(
    ({ channel, to, code, sent_at }) => `
      <tr><td><time>${escapeHtml(sent_at)}</time></td><td>${escapeHtml(channel)}</td><td>${escapeHtml(to)}</td><td><code>${escapeHtml(code)}</code></td></tr>`,
  )
  const body =
    rows.length === 0
      ? '<p>No codes were asked for yet.</p>'
      : `<table>
      <thead><tr><th scope="col">When</th><th scope="col">By</th><th scope="col">To</th><th scope="col">Code</th></tr></thead>
      <tbody>${rows.join('')}
      </tbody>
    </table>`
  return { kind: 'reply', status: 200, body: page(body), contentType: 'text/html; charset=utf-8' }
}

function page(body: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>One-time codes</title>
    <style>
      body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 48rem; padding: 0 1rem }
      table { border-collapse: collapse; width: 100% }
      th, td { border-bottom: 1px solid #ccc; padding: .5rem; text-align: left }
      code { font-size: 1.25rem; letter-spacing: .1em }
    </style>
  </head>
  <body>
    <h1>One-time codes</h1>
    <p>In practice mode nothing is sent. This is what would have been, newest first.</p>
    ${body}
  </body>
</html>
`
}
