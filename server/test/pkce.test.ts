import { expect, test } from 'vitest'
import { challengeOf, isCodeChallenge, isCodeVerifier } from '../src/actions/pkce.ts'

test('the challenge of a verifier is the one of RFC 7636, appendix B', () => {
  expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  )
})

const verifiers = [
  { name: '42 characters', text: 'a'.repeat(42), is: false },
  { name: '43 characters', text: 'a'.repeat(43), is: true },
  { name: '128 characters', text: 'a'.repeat(128), is: true },
  { name: '129 characters', text: 'a'.repeat(129), is: false },
  { name: 'every kind of unreserved character', text: `${'aZ09'.repeat(10)}-._~`, is: true },
  { name: 'a plus sign', text: `${'a'.repeat(43)}+`, is: false },
]

for (const { name, text, is } of verifiers) {
  test(`a verifier with ${name} is ${is ? 'one' : 'none'}`, () => {
    expect(isCodeVerifier(text)).toBe(is)
  })
}

const challenges = [
  {
    name: '43 characters of base64url',
    text: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    is: true,
  },
  { name: 'padding', text: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=', is: false },
  {
    name: 'characters of plain base64',
    text: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM',
    is: false,
  },
]

for (const { name, text, is } of challenges) {
  test(`a challenge with ${name} is ${is ? 'one' : 'none'}`, () => {
    expect(isCodeChallenge(text)).toBe(is)
  })
}
