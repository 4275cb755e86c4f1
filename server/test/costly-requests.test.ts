import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseTokenPair } from '../src/routes/authenticate.ts'
import { type HarborCounter, openHarborCounter } from './harbor-counter.ts'

/** What a quadratic reading of these would take a hundred times over. */
const boundMs = 1_500

let counter: HarborCounter
beforeAll(async () => {
  counter = await openHarborCounter()
})
afterAll(() => counter.close())

const megabyte = 1_000_000
const bodies = {
  'a serial number of a million digits': `{"serial_number":1.${'1'.repeat(megabyte)}}`,
  'a serial number of alternating digits': `{"serial_number":1.${'10'.repeat(megabyte / 2)}1}`,
  'a serial number of zeros that ends badly': `{"serial_number":1.1${'0'.repeat(megabyte)}x`,
  'serial numbers by the thousand': '{"serial_number":'.repeat(50_000),
  'nothing but brackets': '['.repeat(megabyte),
  'amounts of a million digits': `{"receipt_amount":"${'9'.repeat(megabyte)}"}`,
}
for (const [name, payload] of Object.entries(bodies)) {
  test(`${name}, without a key, is refused at once`, async () => {
    const began = performance.now()
    const response = await counter.app.inject({
      method: 'POST',
      url: '/api/pos/checkins',
      payload,
      headers: { 'user-agent': 'RegularsTest/POS/1.0', 'content-type': 'application/json' },
    })
    expect(response.statusCode).toBeGreaterThanOrEqual(400)
    expect(response.statusCode).toBeLessThan(500)
    expect(performance.now() - began).toBeLessThan(boundMs)
  })
}

test('a header of sixteen thousand letters is no pair of keys, and is found to be none at once', () => {
  const header = `Token ${'a'.repeat(16_000)}`
  const began = performance.now()
  expect(parseTokenPair(header)).toBeNull()
  expect(performance.now() - began).toBeLessThan(20)
})

for (const path of ['//', '//[', '//:x', '/%', '/a?b=//', '*']) {
  test(`the path ${path} is nothing we know, not a fault`, async () => {
    await counter.app.listen({ port: 0, host: '127.0.0.1' }).catch(() => {})
    const address = counter.app.server.address()
    if (address === null || typeof address === 'string') throw new Error('it listens on a port')
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = httpRequest(
        { port: address.port, path, headers: { 'user-agent': 'RegularsTest/POS/1.0' } },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
      sent.on('error', reject)
      sent.end()
    })
    expect([400, 404]).toContain(status)
  })
}
