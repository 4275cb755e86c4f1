import { type Micros, micros, microsFrom } from '@regulars/contract/values/exact'
import { instant, parseLocalInstant } from '@regulars/contract/values/instants'
import { type Cents, cents, centsFrom, toDecimalText } from '@regulars/contract/values/money'
import { points } from '@regulars/contract/values/points'
import type {
  AcquisitionClass,
  AggregateAttribute,
  BasketItem,
  Benefit,
  Clause,
  Criterion,
  Discount,
  DiscountSource,
  Evaluation,
  EvaluationFacts,
  ExpressionType,
  ItemQualifier,
  LineAttribute,
  LineItemFilter,
  LineType,
  Operator,
  ProcessingFunction,
  Receipt,
  ReceiptAttribute,
  RedemptionSettings,
  Rule,
  Selector,
  Switches,
  Wallet,
} from '../src/engine.ts'
import { defaultSettings, defaultSwitches } from '../src/engine.ts'

/** One criterion in the notation: every value as text, lists of selectors by name. */
export type CriterionNote = {
  function: ProcessingFunction
  percentage?: string
  cap?: string
  target?: string
  units?: string
  unitDiscount?: string
  floor?: string
  rounding?: string
  combine?: string
  keep?: string
  stack?: boolean
  reuse?: boolean
  aggregateBy?: readonly string[]
  /** `selector [method] [xN]` */
  filters?: readonly string[]
  /** `selector expression [value]` */
  items?: readonly string[]
  anyItem?: boolean
  /** `attribute operator value` */
  receipt?: readonly string[]
  locations?: readonly string[]
}

/** What is given in a case. Everything left out is the most permissive default. */
export type Given = {
  /** `serial | name | item id | quantity | amount [| type]` */
  lines: readonly string[]
  subtotal?: string
  payable?: string
  channel?: string
  receiptAt?: string
  /** `name = set where clause and clause with modifier clauses limit N by method` */
  selectors?: readonly string[]
  criteria?: Readonly<Record<string, CriterionNote>>
  /** `priority criterion` */
  benefits?: readonly string[]
  /** `id kind rule [for N points] [until date]` */
  basket: readonly string[]
  wallet?: { points?: number; currency?: string; cards?: number; fuel?: string }
  settings?: {
    /** `class [most]`, by priority. */
    classes?: readonly string[]
    most?: number
    exclude?: readonly string[]
    base?: string
    cardValue?: string
    leave?: string
    stacking?: boolean
    reuse?: boolean
    switches?: Partial<Switches>
  }
}

/** A case with what must come of it. */
export type Example = Given & {
  id: string
  name: string
  /** `item: amount = serial xQuantity share, …[; currency left]`, in processing order. */
  granted: readonly string[]
  /** `item: code`, in processing order. */
  failed: readonly string[]
  total: string
  /** The subtotal less what menu lines bear. */
  net: string
  walletAfter?: { points?: number; currency?: string; cards?: number }
}

export function factsFrom(given: Given): EvaluationFacts {
  const catalog = catalogFrom(given)
  const { settings = {} } = given
  return {
    now: instant(Date.parse('2025-06-14T19:30:00Z')),
    guestName: 'Ana Lee',
    location: { locationId: 1, name: 'Main St', tags: ['7'] },
    settings: settingsFrom(given),
    receipt: receiptFrom(given),
    basket: given.basket.map((note) => basketItem(note, given, catalog)),
    wallet: walletFrom(given),
    baseRule: settings.base === undefined ? null : ruleOf(catalog, settings.base),
    cardValueCents: money(settings.cardValue ?? '10.00'),
    fuel: { minimumPayablePrice: null, maximumQuantity: null, selector: null },
    leavePayableCents: money(settings.leave ?? '0'),
    explain: false,
  }
}

export function receiptFrom({ lines, subtotal, payable, channel, receiptAt }: Given): Receipt {
  const parsed = lines.map(lineFrom)
  const sum = parsed.reduce((total, { type, amountCents }) => {
    if (type === 'M' || type === 'X') return total + amountCents
    return type === 'D' ? total - Math.abs(amountCents) : total
  }, 0)
  const subtotalCents = subtotal === undefined ? cents(sum) : money(subtotal)
  const at = parseLocalInstant(receiptAt ?? '2025-06-14T12:30:00-07:00')
  if (at === null) throw new Error(`not a moment: ${receiptAt}`)
  return {
    lines: parsed,
    subtotalCents,
    receiptAmountCents: subtotalCents,
    payableCents: payable === undefined ? null : money(payable),
    receiptAt: at,
    channel: channel ?? null,
    revenueId: null,
    revenueCode: null,
    employeeId: null,
    employeeName: null,
    transactionNo: null,
  }
}

function lineFrom(note: string): Receipt['lines'][number] {
  const [serial = '', name = '', itemId = '', quantity = '1', amount = '0', type = 'M'] = note
    .split('|')
    .map((part) => part.trim())
  return {
    name,
    itemId,
    quantity: exact(quantity),
    amountCents: money(amount),
    type: type as LineType,
    family: '',
    group: '',
    serial: serial === '' ? null : serial,
  }
}

type Catalog = { selectors: Map<string, Selector>; criteria: Map<string, Criterion> }

function catalogFrom({ selectors = [], criteria = {} }: Given): Catalog {
  const catalog: Catalog = { selectors: new Map(), criteria: new Map() }
  for (const note of selectors) {
    const selector = selectorFrom(note)
    catalog.selectors.set(selector.name, selector)
  }
  for (const [name, note] of Object.entries(criteria)) {
    catalog.criteria.set(name, criterionFrom(name, note, catalog))
  }
  return catalog
}

const selectorNote =
  /^(\w+) = (\w+)(?: where (.*?))?(?: with (.*?))?(?: limit (\d+))?(?: by (\w+))?( payable)?$/

export function selectorFrom(note: string): Selector {
  const match = selectorNote.exec(note)
  if (match === null) throw new Error(`not a selector: ${note}`)
  const [, name = '', set, clauses = '', modifiers = '', limit, method, payable] = match
  return {
    id: name,
    name,
    filterItemSet: set as Selector['filterItemSet'],
    excludeNonPayable: payable !== undefined,
    baseClauses: clausesFrom<LineAttribute>(clauses === 'any' ? '' : clauses),
    modifiers: {
      clauses: clausesFrom<LineAttribute>(modifiers === 'any' ? '' : modifiers),
      maxDiscountUnits: limit === undefined ? null : Number(limit),
      processingMethod: (method ?? null) as Selector['modifiers']['processingMethod'],
    },
  }
}

function clausesFrom<A extends string>(text: string): Clause<A>[] {
  if (text === '') return []
  return text.split(' and ').map((clause) => clauseFrom<A>(clause))
}

function clauseFrom<A extends string>(text: string): Clause<A> {
  const [attribute = '', operator = '', ...value] = text.trim().split(' ')
  return { attribute: attribute as A, operator: operator as Operator, value: value.join(' ') }
}

export function criterionFrom(
  name: string,
  note: CriterionNote,
  catalog: Pick<Catalog, 'selectors'> = { selectors: new Map() },
): Criterion {
  return {
    id: name,
    name,
    processingFunction: note.function,
    lineItemFilters: (note.filters ?? []).map((text) => filterFrom(text, catalog)),
    itemFilterOperator: (note.combine ?? 'All') as Criterion['itemFilterOperator'],
    discountEvaluationStrategy: (note.keep ?? 'Min') as Criterion['discountEvaluationStrategy'],
    itemQualifiers: (note.items ?? []).map((text) => qualifierFrom(text, catalog)),
    qualifyingOperator: note.anyItem ? 'Any' : 'All',
    receiptQualifiers: (note.receipt ?? []).map((text) => clauseFrom<ReceiptAttribute>(text)),
    percentage: note.percentage === undefined ? null : exact(note.percentage),
    amountCapCents: note.cap === undefined ? null : money(note.cap),
    roundingRule: (note.rounding ?? null) as Criterion['roundingRule'],
    maxDiscountUnits: note.units === undefined ? null : Number(note.units),
    unitDiscount: note.unitDiscount === undefined ? null : exact(note.unitDiscount),
    minimumUnitRate: note.floor === undefined ? null : exact(note.floor),
    targetPriceCents: note.target === undefined ? null : money(note.target),
    effectiveLocations: note.locations ?? [],
    stackDiscounting: note.stack ?? null,
    reuseQualifyingItems: note.reuse ?? null,
    aggregateBy: (note.aggregateBy as readonly AggregateAttribute[] | undefined) ?? null,
  }
}

function filterFrom(text: string, catalog: Pick<Catalog, 'selectors'>): LineItemFilter {
  const [name = '', ...rest] = text.split(' ')
  const quantity = rest.find((word) => /^x\d+$/.test(word))
  const method = rest.find((word) => !/^x\d+$/.test(word)) ?? 'sum_of_amount'
  return {
    selector: named(catalog.selectors, name),
    processingMethod: method as LineItemFilter['processingMethod'],
    quantity: quantity === undefined ? null : Number(quantity.slice(1)),
  }
}

function qualifierFrom(text: string, catalog: Pick<Catalog, 'selectors'>): ItemQualifier {
  const [name = '', expression = '', value] = text.split(' ')
  return {
    selector: named(catalog.selectors, name),
    expressionType: expression as ExpressionType,
    netValue: value === undefined ? null : exact(value),
  }
}

const basketNote =
  /^(\d+) (\w+)(?: (flat|rule) (\S+)| (\d\S*))?(?: for (\d+) points)?(?: until (\S+))?$/

function basketItem(note: string, given: Given, catalog: Catalog): BasketItem {
  const match = basketNote.exec(note)
  if (match === null) throw new Error(`not a basket item: ${note}`)
  const [, id = '0', kind = '', ruleKind, ruleName = '', amount, cost, until] = match
  const basketItemId = Number(id)
  const rule = (): Rule =>
    ruleKind === 'flat'
      ? { kind: 'flat', discountCents: money(ruleName) }
      : ruleOf(catalog, ruleName)
  const known = sourceOf(kind, { basketItemId, rule, amount, cost, given, catalog })
  const discount: Discount = {
    acquisition: known.acquisition,
    startsAt: null,
    expiresAt: until === undefined ? null : instant(Date.parse(`${until}T23:59:59Z`)),
    used: false,
    locations: [],
    autoApplicable: true,
    source: known.source,
  }
  return {
    basketItemId,
    createdAt: instant(1_750_000_000_000 + basketItemId),
    discount,
    discountType: known.source.kind,
    discountId: id,
  }
}

type SourceNote = {
  basketItemId: number
  rule: () => Rule
  amount: string | undefined
  cost: string | undefined
  given: Given
  catalog: Catalog
}

function sourceOf(
  kind: string,
  { basketItemId, rule, amount, cost, given, catalog }: SourceNote,
): { acquisition: AcquisitionClass; source: DiscountSource } {
  switch (kind) {
    case 'reward':
      return {
        acquisition: 'offer',
        source: { kind, rewardId: basketItemId, redeemableId: basketItemId, rule: rule() },
      }
    case 'redeemable':
      return {
        acquisition: 'loyalty',
        source: {
          kind,
          redeemableId: basketItemId,
          costPoints: points(Number(cost)),
          rule: rule(),
        },
      }
    case 'code':
      return {
        acquisition: 'promo_coupon',
        source: {
          kind: 'redemption_code',
          code: `C${basketItemId}`,
          redeemableId: null,
          rule: rule(),
          staged: { kind: 'nothing' },
        },
      }
    case 'card':
      return { acquisition: 'loyalty', source: { kind: 'card_completion' } }
    case 'currency':
      return {
        acquisition: 'loyalty',
        source: { kind: 'discount_amount', askedCents: money(amount ?? '0') },
      }
    case 'fuel':
      return { acquisition: 'loyalty', source: { kind: 'fuel_reward' } }
    case 'subscription':
      return {
        acquisition: 'pre_purchased',
        source: {
          kind,
          subscriptionId: basketItemId,
          planId: 1,
          benefits: benefitsFrom(given, catalog),
          uses: [],
        },
      }
  }
  throw new Error(`not a kind of discount: ${kind}`)
}

function benefitsFrom({ benefits = [] }: Given, catalog: Catalog): Benefit[] {
  return benefits.map((note, place) => {
    const [priority = '1', rule = ''] = note.split(' ')
    return {
      benefitId: place + 1,
      priority: Number(priority),
      rule: ruleOf(catalog, rule),
      unitDiscount: null,
      thresholdUnits: null,
      thresholdDiscountCents: null,
      occurrences: null,
      gapMs: null,
      startsAt: null,
      endsAt: null,
    }
  })
}

function settingsFrom({ settings = {} }: Given): RedemptionSettings {
  return {
    ...defaultSettings,
    maxRedemptionsInTransaction: settings.most ?? defaultSettings.maxRedemptionsInTransaction,
    allowMultipleRedemptionOnItem: settings.stacking ?? true,
    allowQualifyingItemsReused: settings.reuse ?? true,
    processingPriorityByAcquisitionType: (settings.classes ?? []).map((note, place) => {
      const [code, most] = note.split(' ')
      return {
        code: code as AcquisitionClass,
        priority: place + 1,
        multiplicationFactor: most === undefined ? null : Number(most),
      }
    }),
    excludeInteroperabilityBetween: (settings.exclude ?? []).map(
      (pair) => pair.split('|') as [AcquisitionClass, AcquisitionClass],
    ),
    switches: { ...defaultSwitches, ...settings.switches },
  }
}

function walletFrom({ wallet = {} }: Given): Wallet {
  return {
    points: points(wallet.points ?? 0),
    currencyCents: money(wallet.currency ?? '0'),
    cards: wallet.cards ?? 0,
    fuelRate: exact(wallet.fuel ?? '0'),
  }
}

function ruleOf(catalog: Catalog, name: string): Rule {
  return { kind: 'criterion', criterion: named(catalog.criteria, name) }
}

function named<T>(entries: ReadonlyMap<string, T>, name: string): T {
  const found = entries.get(name)
  if (found === undefined) throw new Error(`nothing is called ${name}`)
  return found
}

function money(text: string): Cents {
  const value = centsFrom(text)
  if (value === null) throw new Error(`not an amount: ${text}`)
  return value
}

export function exact(text: string): Micros {
  const value = microsFrom(text)
  if (value === null) throw new Error(`not a decimal: ${text}`)
  return micros(value)
}

/** An evaluation in the notation of `Example`, so that whole results are compared as text. */
export function outcomeOf(
  { success, failures, totalDiscountCents, walletAfter }: Evaluation,
  { receipt }: EvaluationFacts,
) {
  const menuCents = success
    .flatMap(({ shares }) => shares)
    .filter(({ line }) => receipt.lines[line]?.type !== 'S')
    .reduce((sum, { cents: share }) => sum + share, 0)
  return {
    granted: success.map(({ item, discountCents, shares, remainingCurrencyCents }) => {
      const spread = shares.map(
        ({ line, quantity, cents: share }) =>
          `${receipt.lines[line]?.serial} x${quantity / 1_000_000} ${toDecimalText(share)}`,
      )
      const left =
        remainingCurrencyCents === null ? '' : `; ${toDecimalText(remainingCurrencyCents)} left`
      return `${item.basketItemId}: ${toDecimalText(discountCents)} = ${spread.join(', ')}${left}`
    }),
    failed: failures.map(({ item, code }) => `${item.basketItemId}: ${code}`),
    total: toDecimalText(totalDiscountCents),
    net: toDecimalText(cents(receipt.subtotalCents - menuCents)),
    walletAfter,
  }
}

export function walletAfterOf(example: Example): Wallet {
  return walletFrom({ ...example, wallet: { ...example.wallet, ...example.walletAfter } })
}
