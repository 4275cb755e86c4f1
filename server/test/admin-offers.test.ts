import { posBatchRedemptions } from '@regulars/contract/wire/batch-redemptions'
import { posSelect } from '@regulars/contract/wire/discounts'
import {
  adminCreateCriteria,
  adminCreateRedeemables,
  adminCreateSelectors,
  adminHeadlessRedeemables,
  adminListCriteria,
  adminListRedeemables,
  adminListSelectors,
  adminUpdateCriteria,
  adminUpdateRedeemables,
  adminUpdateSelectors,
} from '@regulars/contract/wire/offers-operations'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeOffers } from '../src/actions/change-offers.ts'
import { expectRefusal, expectReply } from './expect-reply.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'

let counter: HarborCounter
beforeAll(async () => {
  counter = await openHarborCounter()
})
afterAll(() => counter.close())

const done = (external_id: string) => ({ external_id, success: true, errors: [], warnings: {} })

test('an offer made over the API is what the next sale is judged by, and so is its change', async () => {
  const muffins = {
    external_id: 'muffins',
    name: 'Muffins',
    filter_item_set: 'base_only',
    base_items: { clauses: [{ attribute: 'item_id', operator: 'in', value: '77,78' }] },
  }
  const made = await counter.call(adminCreateSelectors, { data: [muffins] })
  expect(expectReply(adminCreateSelectors, made)).toEqual({ results: [done('muffins')] })
  const criterion = {
    external_id: 'muffins-half',
    name: 'Half a muffin',
    qc_processing_function: 'sum_amounts',
    percentage_of_processed_amount: '50',
    line_item_filters: [{ line_item_selector_id: 'muffins' }],
  }
  const ruled = await counter.call(adminCreateCriteria, { data: [criterion] })
  expect(expectReply(adminCreateCriteria, ruled)).toEqual({ results: [done('muffins-half')] })
  const redeemable = {
    external_id: 'muffin-deal',
    name: 'Muffin deal',
    points: 10,
    receipt_rule: { qualifier_type: 'existing', redeeming_criterion_id: 'muffins-half' },
  }
  const offered = await counter.call(adminCreateRedeemables, { data: [redeemable] })
  expect(expectReply(adminCreateRedeemables, offered)).toEqual({ results: [done('muffin-deal')] })

  const listed = await counter.call(adminHeadlessRedeemables, { query: 'muffin DEAL' })
  const [{ redeemable_id }] = expectReply(adminHeadlessRedeemables, listed)
  const { guestId } = counter.guest('ben')
  const selected = await counter.call(posSelect, {
    user_id: guestId,
    external_uid: 'muffins',
    discount_basket_items_attributes: [{ discount_type: 'redeemable', discount_id: redeemable_id }],
  })
  expect(selected.status).toBe(200)
  expect(await discountOf(guestId)).toEqual([{ discount_amount: 2 }])

  const patch = { external_id: 'muffins-half', percentage_of_processed_amount: 25 }
  const patched = await counter.call(adminUpdateCriteria, { data: [patch] })
  expect(expectReply(adminUpdateCriteria, patched)).toEqual({ results: [done('muffins-half')] })
  expect(await discountOf(guestId)).toEqual([{ discount_amount: 1 }])

  const audit = await counter.rows(
    `select actor, action, subject, details from audit_log
      where actor = 'admin key' order by audit_id`,
  )
  expect(audit).toEqual([
    audited('create', 'selector', 'muffins'),
    audited('create', 'criterion', 'muffins-half'),
    audited('create', 'redeemable', 'muffin-deal'),
    audited('update', 'criterion', 'muffins-half'),
  ])
})

test('an entry that cannot be read is refused alone, with status 200', async () => {
  const answer = await counter.call(adminCreateCriteria, {
    data: [
      {
        external_id: 'nothing-known',
        name: 'Refers to nothing',
        qc_processing_function: 'sum_amounts',
        line_item_filters: [{ line_item_selector_id: 'no-such-selector' }],
      },
      { name: 'Without a key', qc_processing_function: 'sum_amounts' },
      'nonsense',
      { external_id: 'second-pastry', name: 'x', qc_processing_function: 'sum_amounts' },
    ],
  })
  const { results } = expectReply(adminCreateCriteria, answer)
  const [, made] = results
  expect(made).toEqual(done(made.external_id))
  expect(made.external_id).toMatch(/^[0-9a-f]{40}$/)
  expect(results).toEqual([
    {
      external_id: 'nothing-known',
      success: false,
      errors: [
        'line_item_filters[0].line_item_selector_id: found "no-such-selector"; allowed is the external id of a line item selector.',
      ],
      warnings: {},
    },
    made,
    { external_id: null, success: false, errors: ['An entry is an object.'], warnings: {} },
    {
      external_id: 'second-pastry',
      success: false,
      errors: ['external_id: second-pastry is there already; PATCH changes it.'],
      warnings: {},
    },
  ])
  const { body } = await counter.call(adminListCriteria, { query: 'refers to nothing' })
  expect(body.data).toEqual([])
})

test('a write that changes nothing leaves neither a new catalog nor a line in the audit log', async () => {
  const version = () => counter.rows('select catalog_version from businesses')
  const before = await version()
  const answer = await counter.call(adminUpdateRedeemables, {
    data: [{ name: 'Nobody' }, { external_id: 'nobody', name: 'Nobody' }],
  })
  expect(expectReply(adminUpdateRedeemables, answer).results).toEqual([
    {
      external_id: null,
      success: false,
      errors: ['external_id: found nothing; an entry is changed by it.'],
      warnings: {},
    },
    {
      external_id: 'nobody',
      success: false,
      errors: ['external_id: nobody is not there; POST makes it.'],
      warnings: {},
    },
  ])
  expect(await version()).toEqual(before)
})

test('of a change, nested objects are replaced whole, empty lists empty, the rest stays', async () => {
  const made = {
    external_id: 'wraps',
    name: 'Wraps',
    filter_item_set: 'base_and_modifiers',
    base_items: { clauses: [{ attribute: 'item_id', operator: '==', value: '5' }] },
    modifiers: { max_discount_units: 2, processing_method: 'max_price' },
  }
  await counter.call(adminCreateSelectors, { data: [made] })
  await counter.call(adminUpdateSelectors, {
    data: [{ external_id: 'wraps', modifiers: { processing_method: 'min_price' } }],
  })
  const one = async () => (await counter.call(adminListSelectors, { query: 'wraps' })).body.data
  expect(await one()).toEqual([{ ...made, modifiers: { processing_method: 'min_price' } }])
  await counter.call(adminUpdateSelectors, {
    data: [{ external_id: 'wraps', base_items: { clauses: [] } }],
  })
  expect(await one()).toEqual([
    { ...made, base_items: { clauses: [] }, modifiers: { processing_method: 'min_price' } },
  ])
})

test('entries beyond the twentieth are not looked at', async () => {
  const data = Array.from({ length: 22 }, (_, index) => ({
    external_id: `many-${index}`,
    name: `Many ${index}`,
    filter_item_set: 'base_only',
  }))
  const answer = await counter.call(adminCreateSelectors, { data })
  expect(expectReply(adminCreateSelectors, answer).results).toEqual(
    data.slice(0, 20).map(({ external_id }) => done(external_id)),
  )
  const { body } = await counter.call(adminListSelectors, { query: 'Many', per_page: 100 })
  expect(body.meta).toEqual({ page: 1, per_page: 100, total_records: 20 })
})

const pages = [
  { name: 'the first page', asked: { per_page: 2 }, page: 1 },
  { name: 'a page in the middle', asked: { per_page: '2', page: '2' }, page: 2 },
  { name: 'the last page for one beyond the end', asked: { per_page: 5, page: 999 }, page: 'last' },
] as const
for (const { name, asked, page } of pages) {
  test(`a list of offers shows ${name}`, async () => {
    const all = (await counter.call(adminListRedeemables, { per_page: 100 })).body.data
    const answer = await counter.call(adminListRedeemables, asked, { inQuery: true })
    const size = Number(asked.per_page)
    const number = page === 'last' ? Math.ceil(all.length / size) : page
    expect(expectReply(adminListRedeemables, answer)).toEqual({
      data: all.slice((number - 1) * size, number * size),
      meta: { page: number, per_page: size, total_records: all.length },
    })
  })
}

test('what the program file brought can be listed as it was written, and changed', async () => {
  const listed = await counter.call(adminListRedeemables, { query: '5.00 off', per_page: 1 })
  const [entry] = expectReply(adminListRedeemables, listed).data
  expect(entry).toMatchObject({
    external_id: 'five-off',
    receipt_rule: { qualifier_type: 'flat_discount', discount_amount: 5 },
  })
  for (const [operation, list] of [
    [adminUpdateSelectors, adminListSelectors],
    [adminUpdateCriteria, adminListCriteria],
    [adminUpdateRedeemables, adminListRedeemables],
  ] as const) {
    const { data } = expectReply(list, await counter.call(list, { per_page: 20 }))
    const answer = await counter.call(operation, { data })
    expect(expectReply(operation, answer).results).toEqual(
      data.map(({ external_id }: { external_id: string }) => done(external_id)),
    )
    expect((await counter.call(list, { per_page: 20 })).body.data).toEqual(data)
  }
})

test('a write without entries is refused', async () => {
  for (const members of [{}, { data: [] }]) {
    expectRefusal(adminCreateSelectors, await counter.call(adminCreateSelectors, members), {
      code: 'missing_parameter',
      status: 400,
      body: { error: 'Required parameter missing or the value is empty: data' },
    })
  }
})

test('of twenty writers at once, those get their entry in who are told so', async () => {
  const { businessId } = counter
  const writes = Array.from({ length: 20 }, (_, index) =>
    changeOffers(counter.deps, {
      businessId,
      kind: 'selector',
      mode: 'create',
      sent: [{ external_id: `racer-${index}`, name: 'Racer', filter_item_set: 'base_only' }],
    }),
  )
  const kinds = (await Promise.all(writes)).map(({ kind }) => kind)
  const made = kinds.filter((kind) => kind === 'changed').length
  const { body } = await counter.call(adminListSelectors, { query: 'racer', per_page: 100 })
  expect(body.meta.total_records).toBe(made)
  expect(made).toBeGreaterThan(10)
})

async function discountOf(guestId: number) {
  const answer = await counter.call(posBatchRedemptions, {
    user_id: guestId,
    query: true,
    external_uid: 'muffins',
    receipt_amount: 4,
    subtotal_amount: 4,
    receipt_datetime: '2026-11-20T10:00:00-08:00',
    transaction_no: '1',
    line_items: [
      {
        item_name: 'Muffin',
        item_qty: 1,
        amount: 4,
        item_type: 'M',
        item_id: '77',
        item_family: 'Bakery',
        item_group: 'Food',
        serial_number: '1.0',
      },
    ],
  })
  expect(answer.status).toBe(200)
  return answer.body.success.map(({ discount_amount }: { discount_amount: number }) => ({
    discount_amount,
  }))
}

function audited(action: string, subject: string, externalId: string) {
  return { actor: 'admin key', action, subject, details: { external_ids: [externalId] } }
}
