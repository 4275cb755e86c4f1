import { describe, expect, test } from 'vitest'
import {
  exportRequest,
  locationConfigurationRequest,
  programRequest,
  readExportPage,
  understandReply,
} from '../src/punchh/client.ts'

const keys = { locationKey: 'loc-1', businessKey: 'biz-1' }
const till = {
  accept: 'application/json',
  'accept-language': '',
  authorization: 'Token token=loc-1, btoken=biz-1',
  'user-agent': expect.stringMatching(/^Regulars\/Middleware\/\d+\.\d+\.\d+$/),
}

describe('a request', () => {
  test.each([
    { base: 'https://harbor.punchh.com', before: 'https://harbor.punchh.com' },
    { base: 'https://harbor.punchh.com/', before: 'https://harbor.punchh.com' },
    { base: 'http://127.0.0.1:8080/proxy/punchh', before: 'http://127.0.0.1:8080/proxy/punchh' },
  ])('to $base goes below its path', ({ base, before }) => {
    expect(locationConfigurationRequest(base, keys)).toEqual({
      url: `${before}/api/pos/locations/configuration`,
      path: '/api/pos/locations/configuration',
      headers: till,
    })
    expect(programRequest(base, keys)).toEqual({
      url: `${before}/api/pos/meta`,
      path: '/api/pos/meta',
      headers: till,
    })
  })

  test('for a page of an export shows the admin key, and its cursor in the query', () => {
    const of = (after: string | null) =>
      exportRequest('http://x/p', { adminKey: 'admin-1', stream: 'guests', after, limit: 7 })
    expect(of(null).url).toBe('http://x/p/regulars/export/guests?limit=7')
    expect(of('a+b=').url).toBe('http://x/p/regulars/export/guests?limit=7&after=a%2Bb%3D')
    expect(of(null)).toMatchObject({
      path: '/regulars/export/guests',
      headers: { authorization: 'Bearer admin-1', accept: 'application/json' },
    })
  })
})

describe('a reply', () => {
  test.each([
    { status: 200, body: '{"location_id":"1"}', kind: 'read' },
    // The example connector called an empty reply a success.
    { status: 200, body: '', kind: 'refused' },
    { status: 200, body: '{}', kind: 'refused' },
    { status: 200, body: '[]', kind: 'refused' },
    { status: 200, body: 'null', kind: 'refused' },
    { status: 200, body: '"OK"', kind: 'refused' },
    { status: 200, body: '{"location_id":', kind: 'busy' },
    { status: 204, body: '', kind: 'refused' },
    { status: 302, body: '', kind: 'refused' },
    { status: 400, body: '{"error":"no"}', kind: 'refused' },
    { status: 401, body: '["Invalid LocationKey"]', kind: 'unauthorized' },
    { status: 403, body: '', kind: 'unauthorized' },
    { status: 404, body: '', kind: 'refused' },
    // The example connector gave up on these two.
    { status: 408, body: '', kind: 'busy' },
    { status: 429, body: '', kind: 'busy' },
    { status: 410, body: '{"error":"gone"}', kind: 'restart' },
    { status: 422, body: '', kind: 'refused' },
    { status: 500, body: '<html>', kind: 'busy' },
    { status: 503, body: '', kind: 'busy' },
    { status: 599, body: '', kind: 'busy' },
  ])('of $status with $body is $kind', ({ status, body, kind }) => {
    expect(understandReply({ status, body }, []).kind).toBe(kind)
  })

  test.each([
    { body: '{"error":"a"}', said: '422 a' },
    { body: '["a"]', said: '422 a' },
    { body: '{"error":{"message":"a","code":"b"}}', said: '422 a' },
    { body: '{"errors":{"base":["a"]}}', said: '422 a' },
    { body: '{"errors":["a"]}', said: '422 a' },
    { body: '"a"', said: '422 a' },
    { body: '<html>', said: '422' },
    { body: '', said: '422' },
  ])('of an error says what $body says', ({ body, said }) => {
    expect(understandReply({ status: 422, body }, [])).toEqual({ kind: 'refused', reason: said })
  })

  test('never repeats a key', () => {
    const body = '{"error":"unknown loc-1 of biz-1"}'
    expect(understandReply({ status: 401, body }, ['loc-1', 'biz-1', ''])).toEqual({
      kind: 'unauthorized',
      reason: '401 unknown **** of ****',
    })
  })
})

describe('a page of an export', () => {
  test('has rows, a cursor and whether there is more', () => {
    const page = { rows: [{ a: 1 }], next: 'x', more: true }
    expect(readExportPage(page)).toEqual(page)
  })

  test.each([
    { what: 'no rows', page: { next: 'x', more: true } },
    { what: 'no cursor', page: { rows: [], more: true } },
    { what: 'an empty cursor', page: { rows: [], next: '', more: true } },
    { what: 'nothing of more', page: { rows: [], next: 'x' } },
  ])('with $what is none', ({ page }) => {
    expect(readExportPage(page)).toBeNull()
  })
})
