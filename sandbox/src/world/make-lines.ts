import { dishCount, groups, items, optionGroups, preModifiers } from './catalogue.ts'
import { type Life, nextGuid } from './life.ts'
import type { CheckState, LineState } from './order-state.ts'
import { at, below, between, chance, pick } from './random.ts'

/** Modifiers hang at most this deep below a line. */
const depthMax = 4

/** One more line of a check: a dish with what goes with it, or a bare special request. */
export function addLine(life: Life, check: CheckState, createdAt: number): LineState {
  const line = chance(life.random, 0.03) ? specialRequest(life, createdAt) : dish(life, createdAt)
  check.lines.push(line)
  return line
}

/** A gift card sold: no revenue, no tax, no item. */
export function giftCardLine(life: Life, createdAt: number): LineState {
  return {
    ...blank(life, createdAt),
    kind: 'giftCard',
    name: 'Gift Card',
    unitCents: pick(life.random, [2500, 5000, 10_000]),
    deferred: true,
  }
}

function specialRequest(life: Life, createdAt: number): LineState {
  return { ...blank(life, createdAt), kind: 'special', name: 'Allergy: nuts — s’il vous plaît' }
}

function dish(life: Life, createdAt: number): LineState {
  const { random } = life
  const number = below(random, dishCount)
  const { name, cents, taxes, byWeight, type } = at(items, number)
  const quantity = byWeight ? between(random, 120, 1900) * 10 : chance(random, 0.15) ? 2000 : 1000
  const line: LineState = {
    ...blank(life, createdAt),
    item: number,
    group: groups.findIndex((group) => group.items.includes(number)),
    name,
    quantity,
    unitCents: type === 'OPEN_ITEM' ? between(random, 500, 3900) : cents,
    taxRates: taxes,
    seat: chance(random, 0.6) ? -1 : below(random, 5),
  }
  line.modifiers = byWeight ? [] : modifiersOf(life, line, number, 1)
  return line
}

function blank(life: Life, createdAt: number): LineState {
  return {
    guid: nextGuid(life, 'selection'),
    kind: 'item',
    item: null,
    group: null,
    optionGroup: null,
    preModifier: null,
    name: '',
    quantity: 1000,
    unitCents: 0,
    taxRates: [],
    seat: -1,
    sentAt: null,
    createdAt,
    modifiedAt: createdAt,
    voidedAt: null,
    voidReason: null,
    deferred: false,
    splitFrom: null,
    refund: null,
    discounts: [],
    modifiers: [],
    grossCents: 0,
    netCents: 0,
    taxes: [],
    taxUnits: 0,
  }
}

/** What was chosen from the option groups of an item, and from those of what was chosen. */
function modifiersOf(life: Life, line: LineState, item: number, depth: number): LineState[] {
  if (depth > depthMax) return []
  const { random } = life
  return at(items, item).options.flatMap((group) => {
    const { least, items: offered } = at(optionGroups, group)
    const wanted = least > 0 || chance(random, depth === 1 ? 0.45 : 0.7)
    return wanted ? [modifier(life, line, { group, item: pick(random, offered), depth })] : []
  })
}

function modifier(
  life: Life,
  line: LineState,
  { group, item, depth }: { group: number; item: number; depth: number },
): LineState {
  const { random } = life
  const { name, cents, taxes } = at(items, item)
  const { pricing } = at(optionGroups, group)
  const preModifier = chance(random, 0.08) ? below(random, preModifiers.length) : null
  const extraCents = preModifier === null ? 0 : at(preModifiers, preModifier).cents
  const made: LineState = {
    ...blank(life, line.createdAt),
    kind: 'modifier',
    item,
    optionGroup: group,
    preModifier,
    name,
    quantity: line.quantity,
    unitCents: pricing === 'INCLUDED' ? 0 : cents + extraCents,
    taxRates: taxes,
    seat: line.seat,
  }
  made.modifiers = modifiersOf(life, made, item, depth + 1)
  return made
}
