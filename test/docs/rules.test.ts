import { readFileSync } from 'node:fs'
import { processingFunctions } from '@regulars/contract/wire/offers-words'
import { expect, test } from 'vitest'
import { outcomeOfExample, readRulesExample } from './rules-example.ts'

const page = 'docs/reference/rules.md'
const text = readFileSync(page, 'utf8')
const blocks = [...text.matchAll(/^```rules\n(.*?)^```/gms)].map((match) => ({
  line: text.slice(0, match.index).split('\n').length,
  block: match[1] ?? '',
}))

test('the page of the rules has an example of every processing function', () => {
  const examples = blocks.map(({ block }) => block).join('\n')
  const named = [...examples.matchAll(/^rule +\w+ (\w+)/gm)].map(([, name]) => name)
  expect([...new Set(named)].sort()).toEqual([...processingFunctions].sort())
})

test.each(blocks)(
  'the example at line $line of the rules comes out as the page says',
  ({ block }) => {
    const example = readRulesExample(block)
    expect(example.granted.length + example.failed.length).toBeGreaterThan(0)
    expect(outcomeOfExample(example)).toEqual({ granted: example.granted, failed: example.failed })
  },
)
