import { readFileSync } from 'node:fs'
import { processingFunctions } from '@regulars/contract/wire/offers-words'
import { expect, test } from 'vitest'
import { blocksOf } from './pages.ts'
import { outcomeOfExample, readRulesExample } from './rules-example.ts'

const page = 'docs/reference/rules.md'
const blocks = blocksOf({ path: page, text: readFileSync(page, 'utf8') }).filter(
  ({ language }) => language === 'rules',
)

test('the page of the rules has an example of every processing function', () => {
  const examples = blocks.map(({ text }) => text).join('\n')
  const named = [...examples.matchAll(/^rule +\w+ (\w+)/gm)].map(([, name]) => name)
  expect([...new Set(named)].sort()).toEqual([...processingFunctions].sort())
})

test.each(blocks)(
  'the example at line $line of the rules comes out as the page says',
  ({ text }) => {
    const example = readRulesExample(text)
    expect(example.granted.length + example.failed.length).toBeGreaterThan(0)
    expect(outcomeOfExample(example)).toEqual({ granted: example.granted, failed: example.failed })
  },
)
