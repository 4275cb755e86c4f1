import { type EvaluationFacts, evaluate } from '@regulars/engine'
import { type CriterionNote, factsFrom, type Given, outcomeOf } from '../../engine/test/notation.ts'

/** A `rules` block of docs/reference/rules.md: what is given, and what the page says comes of it. */
export type RulesExample = { given: Given; granted: string[]; failed: string[] }

/** Reads a block, one `word rest` a line. A block without a basket has one reward of its only rule. */
export function readRulesExample(block: string): RulesExample {
  const notes = block.split('\n').flatMap((line) => {
    const match = /^(\w+) +(\S.*)$/.exec(line.trim())
    return match === null ? [] : [{ word: match[1] ?? '', rest: match[2] ?? '' }]
  })
  const all = (word: string) => notes.filter((note) => note.word === word).map(({ rest }) => rest)
  const one = (word: string) => all(word)[0]
  const criteria = Object.fromEntries(all('rule').map(ruleFrom))
  const basket = all('basket')
  const given: Given = {
    lines: all('line'),
    ...present('subtotal', one('subtotal')),
    ...present('payable', one('payable')),
    ...present('channel', one('channel')),
    ...present('receiptAt', one('at')),
    selectors: all('selector'),
    criteria,
    benefits: all('benefit'),
    basket: basket.length > 0 ? basket : [`1 reward rule ${Object.keys(criteria)[0]}`],
    ...present('wallet', one('wallet') === undefined ? undefined : walletFrom(one('wallet') ?? '')),
    settings: settingsFrom(all('setting')),
  }
  const results = (word: string) => all(word).filter((rest) => rest !== 'nothing')
  return { given, granted: results('gives'), failed: results('fails') }
}

/** What the engine makes of it, in the words of the page. */
export function outcomeOfExample({ given }: RulesExample): { granted: string[]; failed: string[] } {
  const facts: EvaluationFacts = factsFrom(given)
  const { granted, failed } = outcomeOf(evaluate(facts), facts)
  return { granted, failed }
}

// `name function key=value … | filters a, b x2 | items a expression 2 | receipt attribute operator value`
function ruleFrom(text: string): [string, CriterionNote] {
  const [head = '', ...parts] = text.split('|').map((part) => part.trim())
  const [name = '', processing = '', ...pairs] = head.split(/\s+/)
  const lists = Object.fromEntries(
    parts.map((part) => {
      const [word = '', ...rest] = part.split(' ')
      return [word, rest.join(' ').split('; ')]
    }),
  )
  const values = Object.fromEntries(pairs.map((pair) => valueFrom(pair)))
  return [name, { function: processing, ...values, ...lists } as CriterionNote]
}

function valueFrom(pair: string): [string, string | boolean | string[]] {
  const [key = '', value = ''] = pair.split('=')
  if (key === 'aggregateBy') return [key, value.split(',')]
  return [key, value === 'true' ? true : value === 'false' ? false : value]
}

function walletFrom(text: string): Given['wallet'] {
  const pairs = Object.fromEntries(text.split(/\s+/).map((pair) => pair.split('=')))
  return {
    ...pairs,
    ...present('points', pairs.points === undefined ? undefined : Number(pairs.points)),
    ...present('cards', pairs.cards === undefined ? undefined : Number(pairs.cards)),
  }
}

// `key value`, or `switch key value`.
function settingsFrom(notes: readonly string[]): NonNullable<Given['settings']> {
  const settings: Record<string, unknown> = {}
  const switches: Record<string, unknown> = {}
  for (const note of notes) {
    const [first = '', ...rest] = note.split(' ')
    if (first === 'switch') switches[rest[0] ?? ''] = literal(rest[1] ?? '')
    else if (first === 'classes' || first === 'exclude')
      settings[first] = rest.join(' ').split('; ')
    else if (first === 'most') settings[first] = Number(rest[0])
    else settings[first] = literal(rest.join(' '))
  }
  return { ...settings, switches }
}

function literal(text: string): string | boolean {
  return text === 'true' ? true : text === 'false' ? false : text
}

function present<Key extends string, Value>(key: Key, value: Value | undefined) {
  return value === undefined ? {} : { [key]: value }
}
