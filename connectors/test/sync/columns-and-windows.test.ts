import { createHash } from 'node:crypto'
import { instant } from '@regulars/contract/values/instants'
import { expect, test } from 'vitest'
import { aPlace, differencesOf, endOf, syncFew } from './place.ts'
import { configurationFor, stillSource, syncOnce } from './sync-toast.ts'
import { differences } from './truth.ts'

test('a column is kept, hashed or dropped as the configuration says, also when it is changed', async () => {
  const place = await aPlace({ restaurants: 1 })
  const { warehouse } = place
  const employees = async () => {
    const rows = await warehouse.read('select * from employee order by id')
    return rows.map(({ _synced_at, _fivetran_synced, _source_hash, ...row }) => row)
  }
  await syncFew(place)
  const plain = await employees()
  expect(plain.some(({ phone_number }) => phone_number !== null)).toBe(true)
  const fields = {
    'employee.first_name': 'keep',
    'employee.phone_number': 'hash',
    'employee.email': 'drop',
  }
  expect(endOf(await syncFew(place, { more: { fields } }))).toMatchObject({ outcome: 'complete' })
  expect(await employees()).toEqual(
    plain.map(({ phone_number, ...row }) => ({
      ...row,
      phone_number: typeof phone_number === 'string' ? sha256(phone_number) : null,
      email: null,
    })),
  )
  expect(endOf(await syncFew(place))).toMatchObject({ outcome: 'complete' })
  expect(await employees()).toEqual(plain)
  expect(await differencesOf(place)).toEqual([])
})

test('nothing that changed after --until is read, and without it the rest follows', async () => {
  const place = await aPlace({ restaurants: 2 })
  const { standIn, warehouse } = place
  const until = Date.parse(standIn.now()) - 30 * 3_600_000
  const report = await syncFew(place, { until: instant(until) })
  expect(endOf(report)).toEqual({ outcome: 'complete', problems: [] })
  const [newest] = await warehouse.read('select max(modified_date) as at from orders')
  expect(Date.parse(newest?.at ?? '')).toBeLessThan(until)
  const untilDay = new Date(until).toISOString().slice(0, 10)
  const [entry] = await warehouse.read('select max(business_day) as day from cash_entry')
  expect((entry?.day ?? '') <= untilDay).toBe(true)
  expect(endOf(await syncFew(place))).toEqual({ outcome: 'complete', problems: [] })
  expect(await differencesOf(place)).toEqual([])
})

test('a second sync of a world that stands still writes no row, of any stream', async () => {
  const { standIn, warehouse } = await aPlace({ restaurants: 1, days: 2 })
  const source = stillSource(configurationFor(standIn))
  await syncOnce(standIn, warehouse, { source })
  for (const full of [false, true]) {
    const { outcome, written } = await syncOnce(standIn, warehouse, { source, full })
    expect({ full, outcome, rows: written.rows, removed: written.removed }).toEqual({
      full,
      outcome: 'complete',
      rows: 0,
      removed: 0,
    })
  }
  expect(await differences(warehouse, standIn)).toEqual([])
})

test('members nobody declared are kept with the row, and told of once a run', async () => {
  const place = await aPlace({ restaurants: 2 })
  const { standIn, warehouse } = place
  standIn.orderFault({ kind: 'unknown-field', path: '/labor/v1/employees' })
  const { outcome, events } = await syncFew(place)
  expect(outcome).toBe('complete')
  const told = events.flatMap((event) =>
    event.event === 'unknown-member' ? [`${event.table}.${event.member}`] : [],
  )
  expect(told.sort()).toEqual([...new Set(told)])
  expect(told).toEqual(expect.arrayContaining(['employee.futureFlag', 'employee.futureMember']))
  const extras = await warehouse.read('select distinct cast(_extra as text) as extra from employee')
  expect(extras.map(({ extra }) => JSON.parse(extra ?? 'null'))).toEqual([
    { futureFlag: true, futureMember: { nested: ['é', 1, null] } },
  ])
  expect(await differencesOf(place)).toEqual([])
})

test('a value nobody announced is stored as it came', async () => {
  const place = await aPlace({ restaurants: 1 })
  const { standIn, warehouse } = place
  standIn.orderFault({ kind: 'unknown-enum', path: '/orders/v2/ordersBulk' })
  expect(endOf(await syncFew(place))).toEqual({ outcome: 'complete', problems: [] })
  expect(await warehouse.read('select distinct approval_status from orders')).toEqual([
    { approval_status: 'SOMETHING_NEW' },
  ])
  const found = await differencesOf(place)
  expect(found.flatMap(({ missing, surplus }) => [...missing, ...surplus])).toEqual([])
})

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
