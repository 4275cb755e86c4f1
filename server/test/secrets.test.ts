import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTokenPair } from '../src/routes/authenticate.ts'
import { digestMatches, hashSecret, makeSealer, systemRandom } from '../src/secrets.ts'

const secret = 'test-secret-0123456789'

const bytesDigest = 'f38a291890d9f9da4ed87aeffe6f503f0121070a'

// Computed with another implementation; docs/reference/authentication.md shows them too.
const vectors = [
  {
    hash: 'sha1',
    uri: '/api/auth/checkins/balance',
    body: '{"client":"CLIENT_1"}',
    digest: 'd168d5e8804a3564d3c3891f4c9c82da1789c630',
  },
  {
    hash: 'sha1',
    uri: '/api/auth/ordering_meta?filter=base_redeemable',
    body: '{"client":"CLIENT_1"}',
    digest: '7c22cb849612c949dd82e3f7675af9e85f175b25',
  },
  {
    hash: 'sha256',
    uri: '/api2/mobile/users/profile',
    body: '{"client":"CLIENT_1"}',
    digest: '38dce69c900518bd05881ee85994f640ab4477bd39de8c46d016eb9c62599813',
  },
  {
    hash: 'sha256',
    uri: '/api2/mobile/users/login',
    body: '{"client":"CLIENT_1","user":{"email":"a@example.com","password":"password1"}}',
    digest: '2794e0440cf25d929badccc0309783f7194a54525ec569728c9e7fe1e7439ef9',
  },
  {
    hash: 'sha256',
    uri: '/api2/mobile/users/profile',
    body: '',
    digest: 'b76e1c7fb08a896e547d4ff4a950c644903e5d54fe260ee29339bf607811280e',
  },
] as const

type Signed = Parameters<typeof digestMatches>[0]

const signed = (vector: (typeof vectors)[number], change: Partial<Signed> = {}): Signed => ({
  hash: vector.hash,
  uri: vector.uri,
  digest: vector.digest,
  secret,
  body: Buffer.from(vector.body),
  ...change,
})

describe('a digest', () => {
  for (const vector of vectors) {
    const { hash, uri, body, digest } = vector
    const name = `${hash} of ${uri} with ${body === '' ? 'no body' : body}`

    test(`${name} is the check vector`, () => {
      expect(digestMatches(signed(vector))).toBe(true)
    })

    test(`${name} may be written in upper case`, () => {
      expect(digestMatches(signed(vector, { digest: digest.toUpperCase() }))).toBe(true)
    })

    test(`${name} matches nothing with one byte changed, in URI, body, secret or digest`, () => {
      for (const [index, byte] of [...Buffer.from(uri)].entries()) {
        const other = Buffer.from(uri)
        other[index] = byte ^ 1
        expect(digestMatches(signed(vector, { uri: other.toString() }))).toBe(false)
      }
      for (const [index, byte] of [...Buffer.from(body)].entries()) {
        const other = Buffer.from(body)
        other[index] = byte ^ 1
        expect(digestMatches(signed(vector, { body: other }))).toBe(false)
      }
      for (const [index, digit] of [...digest].entries()) {
        const other = `${digest.slice(0, index)}${digit === '0' ? '1' : '0'}${digest.slice(index + 1)}`
        expect(digestMatches(signed(vector, { digest: other }))).toBe(false)
      }
      expect(digestMatches(signed(vector, { secret: `${secret}x` }))).toBe(false)
    })

    test(`${name} does not match the other algorithm`, () => {
      const other = hash === 'sha1' ? 'sha256' : 'sha1'
      expect(digestMatches(signed(vector, { hash: other }))).toBe(false)
    })

    test(`${name} matches nothing shorter, longer or empty`, () => {
      for (const text of ['', digest.slice(1), `${digest}0`, digest.slice(0, 8)]) {
        expect(digestMatches(signed(vector, { digest: text }))).toBe(false)
      }
    })
  }

  test('of compact JSON is accepted for the same JSON sent with white space', () => {
    const [vector] = vectors
    const body = Buffer.from('{\n  "client" : "CLIENT_1"\n}\n')
    expect(digestMatches(signed(vector, { body }))).toBe(true)
  })

  test('of compact JSON is not accepted for other JSON, nor for what is no JSON', () => {
    const [vector] = vectors
    for (const text of ['{ "client": "CLIENT_2" }', '{ "client": "CLIENT_1" ', 'CLIENT_1']) {
      expect(digestMatches(signed(vector, { body: Buffer.from(text) }))).toBe(false)
    }
  })

  test('is of bytes, not of text: bytes that are no UTF-8 can be signed', () => {
    const [vector] = vectors
    const body = Buffer.from([0xff, 0x00, 0xfe])
    // printf '/api/auth/checkins/balance\xff\x00\xfe' | openssl dgst -sha1 -hmac test-secret-0123456789
    expect(digestMatches(signed(vector, { body, digest: bytesDigest }))).toBe(true)
    expect(
      digestMatches(signed(vector, { body: Buffer.from('\ufffd'), digest: bytesDigest })),
    ).toBe(false)
  })
})

describe('the two keys of a till', () => {
  const keys = { token: 'LOCATION', btoken: 'BUSINESS' }
  const headers = [
    'Token token=LOCATION, btoken=BUSINESS',
    'Token token="LOCATION"  btoken="BUSINESS"',
    'Token token="LOCATION", btoken="BUSINESS"',
    'token btoken=BUSINESS,token=LOCATION',
    'TOKEN token = LOCATION ; btoken = BUSINESS',
    'Token token=LOCATION\tbtoken="BUSINESS"',
  ]
  for (const header of headers) {
    test(`are read from ${JSON.stringify(header)}`, () => {
      expect(parseTokenPair(header)).toEqual(keys)
    })
  }

  for (const header of [
    undefined,
    '',
    'Token',
    'Token token=LOCATION',
    'Token btoken=BUSINESS',
    'Bearer token=LOCATION, btoken=BUSINESS',
  ]) {
    test(`are not found in ${JSON.stringify(header)}`, () => {
      expect(parseTokenPair(header)).toBeNull()
    })
  }
})

describe('a sealed secret', () => {
  const sealer = makeSealer(Buffer.alloc(32, 1))

  test('opens to what was sealed, whatever it was, and never looks the same twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (plain) => {
        const [one, other] = [sealer.seal(plain), sealer.seal(plain)]
        expect(one.equals(other)).toBe(false)
        expect([sealer.open(one), sealer.open(other)]).toEqual([plain, plain])
      }),
    )
  })

  test('with any one byte changed does not open', () => {
    const sealed = sealer.seal('client-secret')
    for (const [index, byte] of [...sealed].entries()) {
      const other = Buffer.from(sealed)
      other[index] = byte ^ 1
      expect(() => sealer.open(other)).toThrow()
    }
  })

  test('does not open under another key', () => {
    const sealed = makeSealer(Buffer.alloc(32, 2)).seal('client-secret')
    expect(() => sealer.open(sealed)).toThrow()
  })
})

test('a key is stored as its SHA-256', () => {
  expect(hashSecret('key')).toEqual(createHash('sha256').update('key').digest())
})

test('random codes have the length and the alphabet they are asked for', () => {
  expect(systemRandom.digits(200)).toMatch(/^[0-9]{200}$/)
  expect(systemRandom.hex(200)).toMatch(/^[0-9A-F]{200}$/)
  expect(systemRandom.code(200)).toMatch(/^[A-HJ-NP-Z2-9]{200}$/)
  expect(Buffer.from(systemRandom.token(32), 'base64url')).toHaveLength(32)
})
