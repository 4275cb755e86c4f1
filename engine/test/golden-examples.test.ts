import { expect, test } from 'vitest'
import { evaluate } from '../src/engine.ts'
import { goldenExamples } from './golden-examples.ts'
import { factsFrom, outcomeOf, walletAfterOf } from './notation.ts'

for (const example of goldenExamples) {
  test(`${example.id}: ${example.name}`, () => {
    const facts = factsFrom(example)
    expect(outcomeOf(evaluate(facts), facts)).toEqual({
      granted: example.granted,
      failed: example.failed,
      total: example.total,
      net: example.net,
      walletAfter: walletAfterOf(example),
    })
  })
}

test('there are sixty-two examples, numbered without a gap', () => {
  const ids = goldenExamples.map(({ id }) => id)
  expect(ids).toEqual(Array.from({ length: 62 }, (_, n) => `G${String(n + 1).padStart(2, '0')}`))
})
