import { readFileSync } from 'node:fs'
import { refusals } from '@regulars/contract/refusals'
import { posSelect } from '@regulars/contract/wire/discounts'
import { linesMax } from '@regulars/contract/wire/line-items'
import {
  amountMaxCents,
  identifierMaxLength,
  quantityMaxMicros,
  textMaxLength,
} from '@regulars/contract/wire/scalars'
import { expect, test } from 'vitest'
import { openHarborCounter } from '../../server/test/harbor-counter.ts'
import { tableUnder } from './pages.ts'

const limits = new Map(
  tableUnder(readFileSync('docs/reference/wire.md', 'utf8'), '## Limits').map((row) => [
    row.What,
    Number(/^[\d,.]+/.exec(row.Limit ?? '')?.[0].replaceAll(',', '')),
  ]),
)

test('the limits on the page are those of the contract', () => {
  expect({
    lines: limits.get('lines of a receipt'),
    amount: limits.get('amount'),
    quantity: limits.get('quantity'),
    'whole number': limits.get('whole number'),
    identifier: limits.get('identifier'),
    text: limits.get('text'),
  }).toEqual({
    lines: linesMax,
    amount: amountMaxCents / 100,
    quantity: quantityMaxMicros / 1_000_000,
    'whole number': Number.MAX_SAFE_INTEGER,
    identifier: identifierMaxLength,
    text: textMaxLength,
  })
})

test('a body of the limit is read, one byte more is refused', async () => {
  const counter = await openHarborCounter()
  try {
    const bytes = limits.get('body') ?? 0
    const codeFor = async (size: number) => {
      const { headers } = await counter.app.inject({
        method: 'POST',
        url: '/api/pos/discounts/select',
        headers: { 'user-agent': 'test' },
        payload: `{}${' '.repeat(size - 2)}`,
      })
      return headers['regulars-code']
    }
    expect(await codeFor(bytes)).toBe('invalid_location_key')
    expect(await codeFor(bytes + 1)).toBe('request_too_large')
    expect(refusals.request_too_large.status).toBe(413)
  } finally {
    await counter.close()
  }
})

test('a list of the limit is read, one more is refused', async () => {
  const counter = await openHarborCounter()
  try {
    const most = limits.get('other lists') ?? 0
    const ana = counter.guest('ana')
    const codeFor = async (length: number) => {
      const chosen = Array.from({ length }, () => ({
        discount_type: 'reward',
        discount_id: '1',
      }))
      const members = { user_id: ana.guestId, discount_basket_items_attributes: chosen }
      return (await counter.call(posSelect, members)).code
    }
    expect(await codeFor(most)).toBe('same_parameters')
    expect(await codeFor(most + 1)).toBe('invalid_parameter')
  } finally {
    await counter.close()
  }
})
