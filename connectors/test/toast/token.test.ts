import { describe, expect, test } from 'vitest'
import { managementGroupOf, readToken } from '../../src/toast/token.ts'

function tokenWith(claims: unknown): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return `e30.${payload}.signature`
}

describe('the reply to a login', () => {
  test('is a token until the seconds that are left have passed', () => {
    const body = { token: { accessToken: 'abc', expiresIn: 19_168, tokenType: 'Bearer' } }
    expect(readToken(body, 1_000)).toEqual({ accessToken: 'abc', expiresAtMs: 19_169_000 })
  })

  const none: unknown[] = [
    null,
    undefined,
    'text',
    [],
    {},
    { token: null },
    { token: { expiresIn: 5 } },
    { token: { accessToken: '', expiresIn: 5 } },
    { token: { accessToken: 'abc' } },
    { token: { accessToken: 'abc', expiresIn: null } },
    { token: { accessToken: 'abc', expiresIn: 'soon' } },
  ]
  for (const body of none) {
    test(`is none when it is ${JSON.stringify(body)}`, () => {
      expect(readToken(body, 0)).toBeNull()
    })
  }
})

describe('a token', () => {
  test('names the management group of an account that is no partner', () => {
    const accessToken = tokenWith({ 'https://toasttab.com/management_set_guid': 'a-group' })
    expect(managementGroupOf({ accessToken, expiresAtMs: 0 })).toBe('a-group')
  })

  for (const accessToken of [
    tokenWith({}),
    tokenWith({ 'https://toasttab.com/management_set_guid': '' }),
    tokenWith(null),
    tokenWith(7),
    'opaque',
    'a.%%%.c',
    '',
  ]) {
    test(`${accessToken} names none`, () => {
      expect(managementGroupOf({ accessToken, expiresAtMs: 0 })).toBeNull()
    })
  }
})
