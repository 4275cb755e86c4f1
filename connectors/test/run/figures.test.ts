import { expect, test } from 'vitest'
import { openFigures } from '../../src/run/figures.ts'

test('a stream counts its calls by what came of them, and the rest of what it did', () => {
  const figures = openFigures()
  figures.call('orders', { outcome: '200', tookMs: 10, bytes: 100 })
  figures.call('orders', { outcome: '200', tookMs: 30, bytes: 50 })
  figures.call('orders', { outcome: 'ECONNRESET', tookMs: 20, bytes: 0 })
  figures.retry('orders')
  figures.records('orders', 7)
  figures.records('orders', 3)
  figures.quarantined('orders')
  figures.records('job', 1)
  const { orders, job } = figures.all()
  expect(orders).toEqual({
    calls: 3,
    retries: 1,
    outcomes: { '200': 2, ECONNRESET: 1 },
    bytes: 150,
    records: 10,
    quarantined: 1,
    p50Ms: 20,
    p95Ms: 30,
    peakMemoryBytes: expect.any(Number),
  })
  expect(figures.calls()).toEqual({ orders: 3, job: 0 })
  expect(orders!.peakMemoryBytes).toBeGreaterThan(0)
  expect(job).toEqual({
    calls: 0,
    retries: 0,
    outcomes: {},
    bytes: 0,
    records: 1,
    quarantined: 0,
    p50Ms: 0,
    p95Ms: 0,
    peakMemoryBytes: 0,
  })
})

test('of twenty calls half were no slower than p50, and nineteen no slower than p95', () => {
  const figures = openFigures()
  for (let ms = 20; ms > 0; ms -= 1) figures.call('job', { outcome: '200', tookMs: ms, bytes: 0 })
  expect(figures.all().job).toMatchObject({ p50Ms: 10, p95Ms: 19 })
})

test('percentiles hold for more calls than are kept', () => {
  const figures = openFigures()
  for (let call = 0; call < 20_000; call += 1) {
    figures.call('job', { outcome: '200', tookMs: call % 100, bytes: 0 })
  }
  const { p50Ms, p95Ms } = figures.all().job!
  expect(Math.abs(p50Ms - 50)).toBeLessThan(10)
  expect(Math.abs(p95Ms - 95)).toBeLessThan(5)
})
