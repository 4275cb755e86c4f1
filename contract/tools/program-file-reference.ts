import { allowedBy, type MemberSchema } from '../src/program-file/allowed.ts'
import { programFile, programJsonSchema } from '../src/program-file.ts'
import { keepGenerated } from './keep-generated.ts'

// Writes the reference of the program file and its JSON Schema for editors; with --check it writes
// nothing and fails when they are not current.

const command = 'npm run program-file'

const outputs = [
  { path: 'docs/reference/program-file.md', text: referenceText(programFile) },
  {
    path: 'examples/program.schema.json',
    text: `${JSON.stringify({ $comment: `Made by: ${command}`, ...programJsonSchema() })}\n`,
  },
]

keepGenerated(command, outputs)

function referenceText(schema: MemberSchema): string {
  const written = new Map<string, string>()
  return `<!-- Made by: ${command} -->

# The program file

One JSON file describes a business and its loyalty program: everything the server needs that no
published operation covers, and the offers in the shapes published for offers ingestion. Check one
with \`npx regulars program check FILE\`; get its JSON Schema with \`npx regulars program schema\`.

- Every entry has a key of its own: \`id\`, or \`external_id\` where the shape is published. Entries
  refer to each other by it, and applying a file again finds what it made the first time by it.
- A member of the file may be the name of a JSON file beside it that holds the value:
  \`"menu": "menu.json"\`.
- Money is a number of the business's currency with at most two decimals.
- A member that is not listed here is refused, with the nearest spelling.
- A time without an offset is read in the time zone of the redeemable, or else of the business.

${sections(schema, { path: '', title: 'The file', level: 2, written }).join('\n')}`
}

type Section = { path: string; title: string; level: number; written: Map<string, string> }

/** The table of one object's members, then the sections of the objects inside it. */
function sections(schema: MemberSchema, { path, title, level, written }: Section): string[] {
  const members = Object.entries(schema.properties ?? {})
  const inside: string[] = []
  const rows = members.map(([name, member]) => {
    const nested = objectIn(member)
    const place = `${path === '' ? '' : `${path}.`}${name}${isList(member) ? '[]' : ''}`
    const required = schema.required?.includes(name) === true
    if (nested === null) return row(name, member, { required, allowed: allowedBy(member) })
    const shape = JSON.stringify(nested)
    const twin = written.get(shape)
    const link = twin ?? place
    if (twin === undefined) {
      written.set(shape, place)
      const next = { path: place, title: `\`${place}\``, level: Math.min(level + 1, 4), written }
      inside.push(...sections(nested, next))
    }
    const kind = isList(member) ? `${allowedBy(listIn(member))}: each` : 'an object:'
    return row(name, member, { required, allowed: `${kind} [${link}](#${anchor(link)})` })
  })
  const heading = `${'#'.repeat(level)} ${title}\n\n${schema.description ?? ''}\n`
  const head = '| Member | Allowed | Default | |\n|---|---|---|---|'
  return [`${heading}\n${head}\n${rows.join('\n')}\n`, ...inside]
}

function row(
  name: string,
  member: MemberSchema,
  { required, allowed }: { required: boolean; allowed: string },
): string {
  const parts = [member, ...(member.anyOf ?? [])]
  const description = parts.find((part) => part.description !== undefined)?.description ?? ''
  const preset = parts.find((part) => part.default !== undefined)?.default
  const byDefault = required ? 'required' : preset === undefined ? '' : code(preset)
  return `| \`${name}\` | ${cell(allowed)} | ${byDefault} | ${cell(description)} |`
}

/** The object a member is, may be, or is a list of; null when it is none. */
function objectIn(member: MemberSchema): MemberSchema | null {
  if (member.properties !== undefined) return member
  if (member.items !== undefined) return objectIn(member.items)
  return member.anyOf?.map(objectIn).find((one) => one !== null) ?? null
}

function isList(member: MemberSchema): boolean {
  return listIn(member).items !== undefined
}

function listIn(member: MemberSchema): MemberSchema {
  return [member, ...(member.anyOf ?? [])].find(({ items }) => items !== undefined) ?? {}
}

function code(value: unknown): string {
  return `\`${cell(JSON.stringify(value))}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

/** As GitHub makes them: lower case, punctuation but underscores dropped. */
function anchor(path: string): string {
  return path.toLowerCase().replaceAll(/[^a-z0-9_]/g, '')
}
