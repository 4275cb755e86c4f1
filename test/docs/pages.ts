import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A page of the documents, by its path from the root. */
export type Page = { path: string; text: string }

/** README.md and every page under docs/. */
export function allPages(): Page[] {
  const docs = readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))
  return ['README.md', ...docs.sort()].map((path) => ({ path, text: readFileSync(path, 'utf8') }))
}

/** A fenced block: its language, the line it begins at, and the prose line before it. */
export type Block = { language: string; line: number; text: string; before: string }

export function blocksOf({ text }: Page): Block[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map((match) => {
    const above = text.slice(0, match.index).trimEnd().split('\n')
    return {
      language: match[1] ?? '',
      line: text.slice(0, match.index).split('\n').length,
      text: match[2] ?? '',
      before: above.at(-1) ?? '',
    }
  })
}

/** The rows of the first table under a heading, by the words of its head. */
export function tableUnder(text: string, heading: string): Record<string, string>[] {
  const lines = text.split('\n')
  const from = lines.indexOf(heading)
  if (from < 0) throw new Error(`the page has no heading "${heading}"`)
  const rest = lines.slice(from + 1)
  const end = rest.findIndex((line) => line.startsWith('#'))
  const rows = rest
    .slice(0, end < 0 ? undefined : end)
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  const [head = [], , ...body] = rows
  if (body.length === 0) throw new Error(`there is no table under "${heading}"`)
  return body.map((cells) => Object.fromEntries(head.map((name, at) => [name, cells[at] ?? ''])))
}
