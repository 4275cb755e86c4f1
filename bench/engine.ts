// How many evaluations a second the rules do: 10 basket items on a receipt of 30 lines.
//   npm run bench:engine
import { type EvaluationFacts, evaluate } from '@regulars/engine'
import { type CriterionNote, factsFrom } from '../engine/test/notation.ts'

const warmUpMs = 500
const measuredMs = 2_000

const quick = busyCheck({ explain: false })
const explained = busyCheck({ explain: true })
const { success, failures } = evaluate(quick)
console.log(
  `a check of ${quick.receipt.lines.length} lines, a basket of ${quick.basket.length}: ` +
    `${success.length} granted, ${failures.length} refused`,
)
report('evaluations', () => evaluate(quick))
report('evaluations with their trace', () => evaluate(explained))
// The yardstick: what it costs only to copy such facts, which no evaluation can do without.
report('copies of the facts (yardstick)', () => structuredClone(quick))

function report(what: string, work: () => unknown): void {
  repeat(work, warmUpMs)
  const { times, ms } = repeat(work, measuredMs)
  const perSecond = Math.round((times / ms) * 1_000)
  console.log(`${what.padEnd(34)} ${perSecond.toLocaleString('en').padStart(9)} / s`)
}

function repeat(work: () => unknown, forMs: number): { times: number; ms: number } {
  const from = performance.now()
  let times = 0
  while (performance.now() - from < forMs) {
    work()
    times += 1
  }
  return { times, ms: performance.now() - from }
}

/** Ten discounts of different kinds, with stacking on, on ten dishes with modifiers. */
function busyCheck({ explain }: { explain: boolean }): EvaluationFacts {
  const lines = Array.from({ length: 10 }, (_, dish) => [
    `${dish + 1}.0 | dish ${dish} | ${100 + dish} | ${1 + (dish % 2)} | ${8 + dish}.95`,
    `${dish + 1}.1 | sauce ${dish} | ${500 + dish} | 1 | 0.75`,
    `${dish + 1}.2 | extra ${dish} | ${600 + dish} | 1 | 1.25`,
  ]).flat()
  const criteria: Record<string, CriterionNote> = {
    percent: { function: 'sum_amounts', percentage: '15', filters: ['Dishes'] },
    cheapest: {
      function: 'sum_amounts',
      filters: ['Dishes min_price x1'],
      items: ['Dishes net_quantity_greater_than_or_equal_to 2'],
    },
    capped: { function: 'sum_amounts', percentage: '50', cap: '4', filters: ['First'] },
    target: { function: 'hit_target_price', target: '9', filters: ['First'] },
    bundle: {
      function: 'bundle_price_target_advanced',
      target: '20',
      filters: ['First max_price x1', 'Later max_price x1'],
    },
    bogof: { function: 'bogof', filters: ['Later'] },
    rollback: {
      function: 'rate_rollback',
      unitDiscount: '1',
      floor: '2',
      units: '3',
      filters: ['Later'],
    },
    modifiers: { function: 'sum_amounts', filters: ['Extras'] },
    receipt: { function: 'receipt_subtotal', percentage: '5', receipt: ['subtotal_amount >= 50'] },
  }
  const facts = factsFrom({
    lines,
    selectors: [
      'Dishes = base_only where item_id in_range 100..109',
      'First = base_and_modifiers where item_id in 100,101,102',
      'Later = base_only where item_id in 105,106,107,108',
      'Extras = modifiers_only where item_id in 103,104 with item_name like extra limit 1 by max_price',
    ],
    criteria,
    basket: [
      ...Object.keys(criteria).map((name, place) => `${place + 1} reward rule ${name}`),
      '10 reward flat 2.00',
    ],
    settings: { stacking: true, reuse: true },
  })
  return { ...facts, explain }
}
