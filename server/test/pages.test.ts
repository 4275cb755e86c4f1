import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openMetrics } from '../src/metrics.ts'
import { serveFrontPage } from '../src/routes/front-page.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'

let app: FastifyInstance

beforeEach(() => {
  app = fastify()
})

afterEach(() => app.close())

const textOf = async (url: string) => (await app.inject(url)).body

test('the page shows names as they are written, never as markup', async () => {
  const business = {
    id: 'b',
    name: '<b>Ben & "Jo"</b>',
    business_key: "it's",
    client: 'c',
    client_secret: 's',
    admin_key: 'a',
    locations: [],
    guests: [],
  }
  serveFrontPage(app, () => ({
    url: 'http://counter',
    mode: 'sandbox',
    curl: null,
    businesses: [business],
  }))
  const page = await textOf('/')
  expect(page).toContain('<h2>&lt;b&gt;Ben &amp; &quot;Jo&quot;&lt;/b&gt;</h2>')
  expect(page).toContain('<code>it&#39;s</code>')
})

test('the metrics count calls by operation and status, refusals by code, and statements', async () => {
  const metrics = openMetrics()
  const counter: HarborCounter = await openHarborCounter()
  try {
    metrics.serve(counter.app, { waitingForDatabase: () => 3, sweeperLagMs: () => 1_500 })
    const search = '/api/pos/users/search?email=ana@example.com'
    const headers = { 'user-agent': 'Test/1' }
    await counter.app.inject({ url: search, headers })
    await counter.app.inject({ url: '/nowhere', headers })
    metrics.watchRecorder({ changes: 20, conflicts: 2 })

    const { body, headers: sent } = await counter.app.inject('/metrics')
    expect(sent['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
    const lines = body.split('\n')
    for (const line of [
      'regulars_requests_total{operation="pos-users-search",status="401"} 1',
      'regulars_requests_total{operation="other",status="404"} 1',
      'regulars_refusals_total{code="invalid_location_key"} 1',
      'regulars_refusals_total{code="unknown_path"} 1',
      'regulars_recorded_group_size_bucket{le="16"} 0',
      'regulars_recorded_group_size_bucket{le="32"} 1',
      'regulars_record_conflicts_total 2',
      'regulars_database_waiting 3',
      'regulars_sweeper_lag_seconds 1.5',
    ]) {
      expect(lines).toContain(line)
    }
    expect(body).not.toContain('ana@example.com')
  } finally {
    await counter.close()
  }
})
