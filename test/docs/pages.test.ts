import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { refusals } from '@regulars/contract/refusals'
import { expect, test } from 'vitest'
import { allPages, blocksOf } from './pages.ts'

const pages = allPages()

test.each(pages)('every link of $path leads somewhere', ({ path, text }) => {
  const broken = linksOf(text).filter((link) => !leadsSomewhere(path, text, link))
  expect(broken).toEqual([])
})

test('every file of "Follow one redemption" is there', () => {
  const readme = pages.find(({ path }) => path === 'README.md')?.text ?? ''
  const section = /^## Follow one redemption\n(.*?)^## /ms.exec(readme)?.[1] ?? ''
  const files = linksOf(section)
  expect(files.length).toBeGreaterThan(5)
  expect(files.filter((file) => !existsSync(file))).toEqual([])
})

test.each(pages)('every refusal code that $path names exists', ({ text }) => {
  const known = new Set<string>([...Object.keys(refusals), ...publishedCodes])
  expect(codesIn(text).filter((code) => !known.has(code))).toEqual([])
})

test.each(pages)('every JSON block of $path is JSON', (page) => {
  for (const { language, text, line } of blocksOf(page)) {
    if (language === 'json') expect(() => JSON.parse(text), `line ${line}`).not.toThrow()
  }
})

/** Codes in published bodies, which are not ours: the spelling is the wire's. */
const publishedCodes = ['commited', 'not_found']

/** `422 `basket_locked``, what stands in a column of codes, and the header as a guide shows it. */
function codesIn(text: string): string[] {
  const beside = [...text.matchAll(/\b[45]\d\d `([a-z0-9_]+)`/g)]
  const shown = [...text.matchAll(/^regulars-code: (\w+)$/gm)]
  const cells = columnsOfCodes(text).flatMap((cell) => [...cell.matchAll(/`([a-z][a-z0-9_]+)`/g)])
  return [...beside, ...shown, ...cells].map(([, code]) => code ?? '')
}

/** The cells of every table under a head that says they hold refusal codes. */
function columnsOfCodes(text: string): string[] {
  return [...text.matchAll(/(?:^\|.*\n)+/gm)].flatMap(([table]) => {
    const [head = [], , ...rows] = table
      .trim()
      .split('\n')
      .map((row) => row.split('|'))
    const places = head.flatMap((cell, place) => (codeHeads.has(cell.trim()) ? [place] : []))
    return rows.flatMap((cells) => places.map((place) => cells[place] ?? ''))
  })
}

const codeHeads = new Set(['Code', 'Refusal', 'Status, code'])

/** Links to places of the repository, without those to the web. */
function linksOf(text: string): string[] {
  const prose = text.replace(/^```.*?^```$/gms, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link ?? '')
    .filter((link) => !/^[a-z]+:/.test(link))
}

function leadsSomewhere(from: string, ownText: string, link: string): boolean {
  const [file = '', anchor] = link.split('#')
  const target = file === '' ? from : join(dirname(from), file)
  if (!existsSync(target)) return false
  if (anchor === undefined || !target.endsWith('.md')) return true
  return anchorsOf(file === '' ? ownText : readFileSync(target, 'utf8')).has(anchor)
}

/** The anchors of a page's headings, made as GitHub makes them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of text.matchAll(/^#+ (.+)$/gm)) {
    const plain = heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '')
    const anchor = plain.replaceAll(' ', '-')
    let free = anchor
    for (let count = 1; anchors.has(free); count += 1) free = `${anchor}-${count}`
    anchors.add(free)
  }
  return anchors
}
