import { expect, test } from 'vitest'
import { type Body, type Client, connected } from './client.ts'

const bulk = '/orders/v2/ordersBulk'
const reader = await connected({ ordersPerDay: 15, days: 12 })
const from = '2026-02-25T00:00:00.000%2B0000'
const until = '2026-03-20T17:30:00.000Z'
const guids = (orders: Body[]) => orders.map(({ guid }) => guid)

async function walked(client: Client, query: string, restaurant = 0, pageSize = 100) {
  const pages: Body[][] = []
  let url: string | null = `${bulk}?${query}&pageSize=${pageSize}`
  while (url !== null) {
    const { body, headers, status } = await client.get(url, restaurant)
    if (status !== 200) throw new Error(`${status}: ${body.message}`)
    pages.push(body)
    const next: string | undefined = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
    url = next === undefined ? null : next.slice(client.standIn.url.length)
  }
  return pages
}

test('pages follow their links to the end and never say which is the last', async () => {
  const pages = await walked(reader, `startDate=${from}&endDate=${until}`, 0, 40)
  expect(pages.slice(0, -1).map(({ length }) => length)).toEqual(Array(pages.length - 1).fill(40))
  const all = guids(pages.flat())
  expect(new Set(all).size).toBe(all.length)
  const { headers } = await reader.get(`${bulk}?startDate=${from}&endDate=${until}&page=2`, 0)
  const rels = [...(headers.get('link') ?? '').matchAll(/rel="(\w+)"/g)].map(([, rel]) => rel)
  expect(rels).toEqual(['first', 'self', 'prev', 'next'])
  expect((await reader.get(`${bulk}?startDate=${from}&endDate=${until}&page=99`, 0)).body).toEqual(
    [],
  )
})

test('windows select by modification, the start included and the end not', async () => {
  const all = (await walked(reader, `startDate=${from}&endDate=${until}`)).flat()
  const middle = all[Math.floor(all.length / 2)].modifiedDate as string
  const at = encodeURIComponent(middle)
  const before = (await walked(reader, `startDate=${from}&endDate=${at}`)).flat()
  const after = (await walked(reader, `startDate=${at}&endDate=${until}`)).flat()
  expect(guids([...before, ...after]).sort()).toEqual(guids(all).sort())
  expect(before.some(({ modifiedDate }) => modifiedDate >= middle)).toBe(false)
  expect(after.some(({ modifiedDate }) => modifiedDate === middle)).toBe(true)
})

test('business dates select by the day an order is for, scheduled ones before it is served', async () => {
  const all = (await walked(reader, `startDate=${from}&endDate=${until}`)).flat()
  const dates = [...new Set(all.map(({ businessDate }) => businessDate as number))]
  for (const date of dates) {
    const ofDate = (await walked(reader, `businessDate=${date}`)).flat()
    expect(guids(ofDate)).toEqual(guids(all.filter(({ businessDate }) => businessDate === date)))
  }
  expect(dates.some((date) => date > 20260320)).toBe(true)
})

test('an order that changes while pages are read moves the others up, and one is never seen', async () => {
  const live = await connected({ ordersPerDay: 15, days: 12 })
  // At this hour the closeout of New York has not come yet: many orders are about to change.
  live.standIn.advance({ hours: 14 })
  const window = 'startDate=2026-03-19T00:00:00.000Z&endDate=2026-03-21T07:30:00.000Z'
  const page = (number: number) => live.get(`${bulk}?${window}&pageSize=10&page=${number}`, 0)
  const before = guids((await walked(live, window)).flat())
  const first = guids((await page(1)).body)
  live.standIn.advance({ hours: 1 })
  const second = guids((await page(2)).body)
  expect(first).toEqual(before.slice(0, 10))
  const left = first.filter((_, index) => index < 10)
  const now = guids((await walked(live, window)).flat())
  expect(now.length).toBeLessThan(before.length)
  const missed = now.filter((guid) => before.indexOf(guid) >= 10 && !second.includes(guid))
  expect(missed.length).toBeGreaterThan(0)
  expect(left.length).toBe(10)
})

test('an order asked for by its guid is the one of the pages', async () => {
  const orders = (await walked(reader, 'businessDate=20260315')).flat()
  for (const order of orders.slice(0, 8)) {
    expect((await reader.get(`/orders/v2/orders/${order.guid}`, 0)).body).toEqual(order)
    expect((await reader.get(`/orders/v2/orders/${order.guid}`, 1)).status).toBe(404)
  }
})

test('payments by paid, refund and void date are those that orders hold', async () => {
  const days = await connected({ ordersPerDay: 60, days: 14 })
  const all = (await walked(days, `startDate=${from}&endDate=${until}`)).flat()
  const payments: Body[] = all.flatMap(({ checks }) =>
    checks.flatMap((check: Body) => check.payments),
  )
  const selectors = [
    ['paidBusinessDate', (payment: Body) => payment.paidBusinessDate],
    ['refundBusinessDate', (payment: Body) => payment.refund?.refundBusinessDate],
    ['voidBusinessDate', (payment: Body) => payment.voidInfo?.voidBusinessDate],
  ] as const
  for (const [name, dateOf] of selectors) {
    const dates = [...new Set(payments.map(dateOf).filter((date) => date !== undefined))]
    expect(dates.length).toBeGreaterThan(0)
    for (const date of dates) {
      const listed = (await days.get(`/orders/v2/payments?${name}=${date}`, 0)).body
      const held = payments.filter((payment) => dateOf(payment) === date)
      expect(listed.sort()).toEqual(guids(held).sort())
    }
  }
  const refunded = payments.find(({ refund }) => refund !== null)
  expect((await days.get(`/orders/v2/payments/${refunded.guid}`, 0)).body).toEqual(refunded)
})

test('a merged order stays as deleted, its lines now on the other with the same guids', async () => {
  const days = await connected({ ordersPerDay: 60, days: 5, seed: 3 })
  const all = (await walked(days, `startDate=${from}&endDate=${until}`)).flat()
  const merged = all.find(({ deleted }) => deleted)
  expect(merged.checks.map(({ deleted, selections }: Body) => [deleted, selections])).toEqual([
    [true, []],
  ])
  expect([merged.deletedDate, merged.closedDate]).toEqual([merged.modifiedDate, null])
  const live = all.find(({ deleted }) => !deleted)
  expect(live.deletedDate).toBe('1970-01-01T00:00:00.000+0000')
})
