import { surfaceNames } from '../src/documents/openapi.ts'
import { type RefusalCode, refusals, retryHelps } from '../src/refusals.ts'
import type { Auth, Operation, Surface } from '../src/wire/operation.ts'
import { operations, sandboxOperations } from '../src/wire/operations.ts'
import { itemRefusalCodes, refusalReply, refusalsOf } from '../src/wire/refusal-replies.ts'
import { unspokenTexts } from '../src/wire/unspoken-texts.ts'
import { keepGenerated } from './keep-generated.ts'

// Writes the references of operations and refusals from the contract; with --check it writes nothing
// and fails when they are not current.

const command = 'npm run reference'

/** A fact that becomes the name of a member keeps its place in the text. */
const anyName = { name: '{name}' }

const every: readonly Operation[] = [...operations, ...sandboxOperations]
const codes = Object.keys(refusals) as RefusalCode[]

const proofs: Readonly<Record<Auth, string>> = {
  none: 'nothing',
  location_key: '`Authorization: Token token=LOCATION_KEY, btoken=BUSINESS_KEY`',
  signed_client: '`client` in the body or query, and `x-pch-digest`',
  signed_guest: "the same, and `Authorization: Bearer` with the guest's access token",
  client: '`client` in the body or query',
  admin_key: '`Authorization: Bearer ADMIN_KEY`',
}

const outputs = [
  { path: 'docs/reference/operations.md', text: operationsText() },
  { path: 'docs/reference/refusals.md', text: refusalsText() },
]

keepGenerated(command, outputs)

function operationsText(): string {
  return `<!-- Made by: ${command} -->

# Operations

Every operation of the wire, with what a call proves, what it answers when it succeeds, and what it
can be refused with. A running server describes the messages themselves at \`/docs\`, and as OpenAPI at
\`/openapi.json\`; \`/postman.json\` is a collection to import. The codes are explained in
[refusals.md](refusals.md).

- A call is sent as JSON in the body, whatever its method, or in the query string; where both have a
  member, the body's counts.
- A call needs a \`User-Agent\`, except where it proves nothing.
- Every reply has an \`X-Request-Id\`; a refused call also has \`Regulars-Code\` and \`Regulars-Retry\`.

| A call proves | How |
|---|---|
${Object.entries(proofs)
  .map(([auth, how]) => `| ${auth.replaceAll('_', ' ')} | ${how} |`)
  .join('\n')}

${Object.entries(surfaceNames)
  .map(([surface, name]) => surfaceText(surface, name))
  .join('\n')}`
}

function surfaceText(surface: string, name: string): string {
  const own = every.filter((operation) => operation.surface === surface)
  return `## ${name}

${own.map(operationText).join('\n')}`
}

function operationText(operation: Operation): string {
  const { method, path, summary, auth, replies, refusals: own } = operation
  const refused = own.length === 0 ? 'only as every call' : own.map(linkTo).join(', ')
  return `### ${method} ${path}

${summary}. Proves: ${auth.replaceAll('_', ' ')}. Succeeds with ${Object.keys(replies).join(', ')}.
Refused with: ${refused}.
`
}

function refusalsText(): string {
  return `<!-- Made by: ${command} -->

# Refusals

Every way in which a call, or one discount of a call, is told no. The codes are a closed list and do
not change. A refused call has its code in the header \`Regulars-Code\`, and \`Regulars-Retry\` says
whether the same call can succeed later; a refused discount of a batch has its code in the member
\`code\`. Programs should read codes, never texts.

"Published" texts and statuses are Punchh's, to the letter; "ours" are not published. Where an
operation words or numbers a refusal in its own way, that stands below its code.

Surfaces publish the text in bodies of different shapes:

| Surface | \`user_not_found\` |
|---|---|
${Object.entries(surfaceNames)
  .map(([surface, name]) => `| ${name} | \`${bodyOf(surface as Surface, 'user_not_found')}\` |`)
  .join('\n')}

${codes.map(refusalText).join('\n')}
## Published texts that are never said

${unspokenTexts
  .map(({ operation, text, reason }) => `- \`${operation}\`: “${text}” Reason: ${reason}.`)
  .join('\n')}
`
}

function refusalText(code: RefusalCode): string {
  const { status, next, text, published } = refusals[code]
  const from = every.filter((operation) => refusalsOf(operation).includes(code))
  const isOfItems = itemRefusalCodes.some((one) => one === code)
  const wordings = otherWordings(code, from)
  return `### \`${code}\`

| Status | Text | | Next | Retry helps |
|---|---|---|---|---|
| ${status} | ${cell(text)} | ${published ? 'published' : 'ours'} | ${next} | ${retryHelps(code) ? 'yes' : 'no'} |
${wordings.length === 0 ? '' : `\n${wordings.map((line) => `- ${line}`).join('\n')}\n`}
From: ${placesOf(from, isOfItems)}.
`
}

/** Where an operation's status or text is not the usual one. */
function otherWordings(code: RefusalCode, from: readonly Operation[]): string[] {
  const usual = refusals[code]
  const lines = new Map<string, string[]>()
  for (const operation of from) {
    const { status } = refusalReply(operation, { kind: 'refused', code, facts: anyName })
    const body = bodyOf(operation, code)
    const isUsual = status === usual.status && body.includes(quoted(usual.text))
    const line = `${status} \`${body}\``
    if (!isUsual) lines.set(line, [...(lines.get(line) ?? []), operation.name])
  }
  return [...lines].map(
    ([line, names]) => `${names.map((name) => `\`${name}\``).join(', ')}: ${line}`,
  )
}

/** The text as it stands inside JSON, without the quotes around it. */
function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function bodyOf(place: Operation | Surface, code: RefusalCode): string {
  return JSON.stringify(refusalReply(place, { kind: 'refused', code, facts: anyName }).body)
}

function placesOf(from: readonly Operation[], isOfItems: boolean): string {
  if (from.length === every.length) return 'every call'
  const ofItems = isOfItems ? ['an item of look-up, auto-select, query and commit'] : []
  const surfaces = Object.entries(surfaceNames).flatMap(([surface, name]) => {
    const all = every.filter((operation) => operation.surface === surface)
    const own = from.filter((operation) => operation.surface === surface)
    if (own.length === 0) return []
    if (own.length === all.length) return [`every call of ${name}`]
    return own.map(({ name }) => `\`${name}\``)
  })
  return [...ofItems, ...surfaces].join(', ')
}

function linkTo(code: RefusalCode): string {
  return `[${code}](refusals.md#${code})`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
