import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fernetOf } from '../src/fernet.ts'

/** The key and the tokens of the published specification. */
const key = 'cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4='
const hello =
  'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA=='

const otherKey = Buffer.alloc(32, 7).toString('base64url')

describe('a token', () => {
  test('that the specification publishes is read', () => {
    expect(fernetOf([key])?.decrypt(hello)).toBe('hello')
  })

  const invalid = [
    {
      name: 'a wrong signature',
      token:
        'gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykQUFBQUFBQUFBQQ==',
    },
    {
      name: 'too little of it',
      token: 'gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPA==',
    },
    {
      name: 'what is no base64',
      token:
        '%%%%%%%%%%%%%AECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==',
    },
    {
      name: 'content that is no whole blocks',
      token:
        'gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPOm73QeoCk9uGib28Xe5vz6oxq5nmxbx_v7mrfyudzUm',
    },
    {
      name: 'content with wrong padding',
      token:
        'gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0ODz4LEpdELGQAad7aNEHbf-JkLPIpuiYRLQ3RtXatOYREu2FWke6CnJNYIbkuKNqOhw==',
    },
    {
      name: 'another beginning, which makes its padding wrong',
      token:
        'gAAAAAAdwJ6xBQECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAkLhFLHpGtDBRLRTZeUfWgHSv49TF2AUEZ1TIvcZjK1zQ==',
    },
    { name: 'nothing in it', token: '' },
  ]
  for (const { name, token } of invalid) {
    test(`with ${name} is refused`, () => {
      expect(fernetOf([key])?.decrypt(token)).toBeNull()
    })
  }

  test('is read back, whatever text it was made of', () => {
    const fernet = fernetOf([key])
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const token = fernet?.encrypt(text) ?? ''
        expect(token).toMatch(/^gAAAAA[\w-]+={0,2}$/)
        expect(fernet?.decrypt(token)).toBe(text)
      }),
      { numRuns: 50 },
    )
  })

  test('of which one bit was changed is refused', () => {
    const fernet = fernetOf([key])
    const bytes = Buffer.from(hello, 'base64url')
    fc.assert(
      fc.property(fc.nat({ max: bytes.length * 8 - 1 }), (bit) => {
        const changed = Buffer.from(bytes)
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        expect(fernet?.decrypt(changed.toString('base64url'))).toBeNull()
      }),
    )
  })

  test('cut short anywhere is refused', () => {
    const fernet = fernetOf([key])
    const bytes = Buffer.from(hello, 'base64url')
    for (let length = 0; length < bytes.length; length += 1) {
      expect(fernet?.decrypt(bytes.subarray(0, length).toString('base64url'))).toBeNull()
    }
  })
})

describe('of several keys', () => {
  test('the first encrypts', () => {
    const token = fernetOf([otherKey, key])?.encrypt('hello') ?? ''
    expect(fernetOf([otherKey])?.decrypt(token)).toBe('hello')
    expect(fernetOf([key])?.decrypt(token)).toBeNull()
  })

  test('all decrypt', () => {
    expect(fernetOf([otherKey, key])?.decrypt(hello)).toBe('hello')
    expect(fernetOf([otherKey])?.decrypt(hello)).toBeNull()
  })
})

describe('keys', () => {
  const cases: { name: string; keys: string[]; isTaken: boolean }[] = [
    { name: 'with padding', keys: [key], isTaken: true },
    { name: 'without padding', keys: [key.slice(0, 43)], isTaken: true },
    { name: 'in plain base64', keys: [key.replace('_', '/').replaceAll('-', '+')], isTaken: true },
    { name: 'of 31 bytes', keys: [Buffer.alloc(31).toString('base64')], isTaken: false },
    { name: 'of 33 bytes', keys: [Buffer.alloc(33).toString('base64')], isTaken: false },
    { name: 'that are no base64', keys: [key.replace('c', '%')], isTaken: false },
    { name: 'of which one is wrong', keys: [key, 'short'], isTaken: false },
    { name: 'of which there are none', keys: [], isTaken: false },
  ]
  for (const { name, keys, isTaken } of cases) {
    test(`${name} are ${isTaken ? 'taken' : 'refused'}`, () => {
      expect(fernetOf(keys) !== null).toBe(isTaken)
    })
  }
})
