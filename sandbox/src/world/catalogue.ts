/** What every restaurant of the world sells. Prices in cents; references are indexes of the lists. */

export type Item = {
  name: string
  cents: number
  category: number
  taxes: readonly number[]
  /** Option groups offered with it. */
  options: readonly number[]
  plu: string
  sku: string
  calories: number | null
  /** Sold by weight. */
  byWeight: boolean
  type: 'NONE' | 'OPEN_ITEM' | 'PORTION'
}

const plain = { options: [], calories: null, byWeight: false, type: 'NONE' } as const

function item(
  name: string,
  cents: number,
  category: number,
  rest: Partial<Item> = {},
): Omit<Item, 'plu' | 'sku'> {
  return { ...plain, taxes: category === 4 ? [0, 1, 2] : [0, 1], name, cents, category, ...rest }
}

export const categories = ['Food', 'Dessert', 'Coffee & Tea', 'Soft Drinks', 'Alcohol'] as const

const dishes = [
  item('Crème brûlée', 895, 1, { calories: 420 }),
  item('Caesar salad', 1250, 0, { options: [2], calories: 610 }),
  item('Tuna tataki 鮪のたたき', 1680, 0, { options: [2] }),
  item('French fries', 595, 0, { options: [2], calories: 480 }),
  item('Margherita', 1495, 0, { options: [0, 1], calories: 990 }),
  item('Quattro formaggi', 1795, 0, { options: [0, 1] }),
  item('Jalapeño burger 🌶️', 1650, 0, { options: [1, 2, 3], calories: 1120 }),
  item('Steak frites', 3200, 0, { options: [3, 2], calories: 1310 }),
  item('"Build your own" bowl', 1399, 0, { options: [1, 2, 5] }),
  item('Ramen 特製ラーメン', 1725, 0, { options: [1] }),
  item('Kids’ pasta', 850, 0, { options: [2] }),
  item('Salad bar by the ounce', 89, 0, { byWeight: true, taxes: [0] }),
  item('Tiramisù', 925, 1, { calories: 540 }),
  item('Gelato', 650, 1, { options: [0] }),
  item('Espresso', 325, 2, { options: [4], calories: 5 }),
  item('Café latte', 475, 2, { options: [0, 4], calories: 190 }),
  item('Green tea 煎茶', 395, 2, { options: [0] }),
  item('Cola', 350, 3, { options: [0], taxes: [0, 1, 3], calories: 140 }),
  item('Sparkling water', 425, 3, { taxes: [0, 3], calories: 0 }),
  item('Lemonade', 450, 3, { options: [0] }),
  item('House red', 1100, 4),
  item('India Pale Ale', 775, 4),
  item('Gin & tonic', 1250, 4, { options: [1] }),
  item('Chef’s choice', 0, 0, { type: 'OPEN_ITEM' }),
] as const

/** What is sold only as an option of something else. */
const extras = [
  item('Small', 0, 3, { type: 'PORTION' }),
  item('Large', 150, 3, { type: 'PORTION' }),
  item('Extra cheese', 175, 0, { options: [6] }),
  item('Bacon', 225, 0),
  item('Avocado', 250, 0, { options: [7] }),
  item('Ketchup', 0, 0),
  item('Aioli', 75, 0),
  item('Ranch', 75, 0),
  item('Rare', 0, 0),
  item('Medium', 0, 0),
  item('Well done', 0, 0),
  item('Oat milk', 85, 2),
  item('Whole milk', 0, 2),
  item('Vegan cheese', 125, 0, { options: [7] }),
  item('Mozzarella', 60, 0, { options: [7] }),
  item('On the side', 0, 0),
  item('Double portion', 195, 0),
] as const

export const items: readonly Item[] = [...dishes, ...extras].map((each, index) => ({
  ...each,
  // Leading zeros must survive every destination.
  plu: String(index * 37).padStart(5, '0'),
  sku: `SKU-${index}`,
}))

/** How many of `items` are sold by themselves. */
export const dishCount = dishes.length

export type OptionGroup = {
  name: string
  /** Indexes of `items`. */
  items: readonly number[]
  least: number
  most: number | null
  pricing: 'ADJUSTS_PRICE' | 'FIXED_PRICE' | 'INCLUDED' | 'REPLACES_PRICE'
}

const extra = (...indexes: number[]) => indexes.map((index) => dishCount + index)

/** Groups 1, 6 and 7 hang below one another: bowl, extra cheese, vegan cheese, on the side. */
export const optionGroups: readonly OptionGroup[] = [
  { name: 'Size', items: extra(0, 1), least: 1, most: 1, pricing: 'ADJUSTS_PRICE' },
  { name: 'Extras', items: extra(2, 3, 4), least: 0, most: 3, pricing: 'ADJUSTS_PRICE' },
  { name: 'Sauce', items: extra(5, 6, 7), least: 0, most: null, pricing: 'FIXED_PRICE' },
  { name: 'Temperature', items: extra(8, 9, 10), least: 1, most: 1, pricing: 'INCLUDED' },
  { name: 'Milk', items: extra(11, 12), least: 0, most: 1, pricing: 'ADJUSTS_PRICE' },
  // The first bowl offers another bowl: a published menu may run in a circle.
  { name: 'Another one', items: [8], least: 0, most: 1, pricing: 'REPLACES_PRICE' },
  { name: 'Cheese', items: extra(13, 14), least: 1, most: 1, pricing: 'ADJUSTS_PRICE' },
  { name: 'How', items: extra(15, 16), least: 0, most: 2, pricing: 'ADJUSTS_PRICE' },
]

export type Group = {
  name: string
  menu: number
  /** Index of the group it is a part of. */
  parent: number | null
  /** Indexes of `items`. */
  items: readonly number[]
}

export const menus = ['All day', 'Drinks', 'Late night 夜'] as const

export const groups: readonly Group[] = [
  { name: 'Starters', menu: 0, parent: null, items: [1, 2, 3] },
  { name: 'Mains', menu: 0, parent: null, items: [6, 7, 8, 9, 23] },
  { name: 'Pizza', menu: 0, parent: 1, items: [4, 5] },
  { name: 'Kids', menu: 0, parent: 1, items: [10] },
  { name: 'Sides & weight', menu: 0, parent: null, items: [11] },
  { name: 'Desserts', menu: 0, parent: null, items: [0, 12, 13] },
  { name: 'Hot drinks', menu: 1, parent: null, items: [14, 15, 16] },
  { name: 'Cold drinks', menu: 1, parent: null, items: [17, 18, 19] },
  { name: 'Bar', menu: 1, parent: null, items: [20, 21, 22] },
  // The same dishes as above at other prices.
  { name: 'Night kitchen', menu: 2, parent: null, items: [3, 6, 4] },
]

/** Cents that the late-night menu adds to a price. */
export const lateNightCents = 200

export type TaxRate = {
  name: string
  /** Hundred-thousandths of the price; for FIXED, of a dollar per piece. */
  rate: number
  type: 'PERCENT' | 'FIXED'
}

export const taxRates: readonly TaxRate[] = [
  { name: 'State Tax', rate: 6_250, type: 'PERCENT' },
  { name: 'City Tax', rate: 1_875, type: 'PERCENT' },
  { name: 'Liquor Tax', rate: 2_500, type: 'PERCENT' },
  { name: 'Bottle deposit', rate: 5_000, type: 'FIXED' },
]

export type DiscountKind = {
  name: string
  type: 'PERCENT' | 'FIXED' | 'OPEN_PERCENT' | 'OPEN_FIXED' | 'BOGO' | 'FIXED_TOTAL'
  level: 'CHECK' | 'ITEM' | 'BOGO'
  percent: number | null
  cents: number | null
  promoCode: string | null
}

export const discounts: readonly DiscountKind[] = [
  { name: 'Happy hour', type: 'PERCENT', level: 'ITEM', percent: 20, cents: null, promoCode: null },
  { name: '$2 off', type: 'FIXED', level: 'ITEM', percent: null, cents: 200, promoCode: null },
  {
    name: 'Staff meal',
    type: 'PERCENT',
    level: 'CHECK',
    percent: 30,
    cents: null,
    promoCode: null,
  },
  {
    name: 'Welcome €$',
    type: 'FIXED',
    level: 'CHECK',
    percent: null,
    cents: 500,
    promoCode: 'HELLO5',
  },
  {
    name: 'Manager',
    type: 'OPEN_PERCENT',
    level: 'CHECK',
    percent: 12.5,
    cents: null,
    promoCode: null,
  },
  { name: 'Two for one', type: 'BOGO', level: 'BOGO', percent: null, cents: null, promoCode: null },
  { name: 'Waste', type: 'PERCENT', level: 'ITEM', percent: 100, cents: null, promoCode: null },
  {
    name: 'Lunch combo',
    type: 'FIXED_TOTAL',
    level: 'BOGO',
    percent: null,
    cents: 1500,
    promoCode: null,
  },
]

export const wasteDiscount = 6

export type ChargeKind = {
  name: string
  category: 'SERVICE_CHARGE' | 'CREDIT_CARD_SURCHARGE' | 'FUNDRAISING_CAMPAIGN' | 'CASH_ROUNDING'
  type: 'FIXED' | 'PERCENT' | 'OPEN'
  percent: number | null
  cents: number | null
  gratuity: boolean
  /** Indexes of `taxRates`; none when it is not taxable. */
  taxes: readonly number[]
  calculation: 'PRE_DISCOUNT' | 'POST_DISCOUNT' | null
  destination: 'RESTAURANT' | 'SERVER' | 'TOAST' | 'THIRD_PARTY'
}

const open = { type: 'OPEN', percent: null, cents: null, calculation: null } as const

export const charges: readonly ChargeKind[] = [
  {
    name: 'Large party gratuity',
    category: 'SERVICE_CHARGE',
    type: 'PERCENT',
    percent: 18,
    cents: null,
    gratuity: true,
    taxes: [],
    calculation: 'PRE_DISCOUNT',
    destination: 'SERVER',
  },
  {
    name: 'Delivery fee',
    category: 'SERVICE_CHARGE',
    type: 'FIXED',
    percent: null,
    cents: 399,
    gratuity: false,
    taxes: [0, 1],
    calculation: null,
    destination: 'RESTAURANT',
  },
  {
    name: 'Kitchen appreciation',
    category: 'SERVICE_CHARGE',
    type: 'PERCENT',
    percent: 3,
    cents: null,
    gratuity: false,
    taxes: [0],
    calculation: 'POST_DISCOUNT',
    destination: 'RESTAURANT',
  },
  {
    ...open,
    name: 'Card surcharge',
    category: 'CREDIT_CARD_SURCHARGE',
    gratuity: false,
    taxes: [],
    destination: 'RESTAURANT',
  },
  {
    name: 'School fund',
    category: 'FUNDRAISING_CAMPAIGN',
    type: 'FIXED',
    percent: null,
    cents: 100,
    gratuity: false,
    taxes: [],
    calculation: null,
    destination: 'THIRD_PARTY',
  },
  {
    ...open,
    name: 'Cash rounding',
    category: 'CASH_ROUNDING',
    gratuity: false,
    taxes: [],
    destination: 'RESTAURANT',
  },
]

export const chargeOf = {
  gratuity: 0,
  delivery: 1,
  kitchen: 2,
  surcharge: 3,
  fund: 4,
  rounding: 5,
} as const

export const diningOptions = [
  { name: 'Dine In', behavior: 'DINE_IN', curbside: false },
  { name: 'Take Out', behavior: 'TAKE_OUT', curbside: false },
  { name: 'Delivery', behavior: 'DELIVERY', curbside: false },
  { name: 'Curbside', behavior: 'TAKE_OUT', curbside: true },
] as const

export const diningOf = { dineIn: 0, takeOut: 1, delivery: 2, curbside: 3 } as const

export const tableCount = 14
export const serviceAreas = ['Main room', 'Terrace', 'Bar'] as const
export const revenueCenters = ['Dining room', 'Bar', 'Online'] as const
export const services = ['Lunch', 'Dinner', 'Late'] as const
export const otherPayments = ['DoorDash', 'Grubhub', 'Chèque'] as const
export const voidReasons = ['Server error', 'Guest changed mind', '86’d'] as const
export const preModifiers = [
  { name: 'Extra', cents: 50, mode: 'PREFIX' },
  { name: 'No', cents: 0, mode: 'PREFIX' },
  { name: 'on the side', cents: 0, mode: 'SUFFIX' },
] as const
export const cashDrawerCount = 2
export const breakTypes = [
  { name: 'Meal 30', minutes: 30, paid: false, missedTracked: true },
  { name: 'Rest 10', minutes: 10, paid: true, missedTracked: false },
] as const
