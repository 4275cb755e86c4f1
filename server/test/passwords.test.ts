import { expect, test } from 'vitest'
import { hashPassword, openPasswords } from '../src/passwords.ts'

test('a password matches its own hash, no other, and never that of nobody', async () => {
  const passwords = openPasswords()
  const [one, other] = await Promise.all([
    passwords.hash('tide-tables-88'),
    hashPassword('tide-tables-88'),
  ])
  expect(one).not.toBe(other)
  expect(await passwords.matches(one, 'tide-tables-88')).toBe(true)
  expect(await passwords.matches(other, 'tide-tables-88')).toBe(true)
  expect(await passwords.matches(one, 'Tide-tables-88')).toBe(false)
  expect(await passwords.matches(null, 'tide-tables-88')).toBe(false)
  expect(await passwords.matches(null, '')).toBe(false)
})

test('two are worked on at once and a hundred wait; then it is busy, until they are done', async () => {
  const passwords = openPasswords()
  const asked = Array.from({ length: 101 }, () => passwords.hash('tide-tables-88'))
  expect(passwords.busy()).toBe(false)
  asked.push(passwords.hash('tide-tables-88'))
  expect(passwords.busy()).toBe(true)
  expect(new Set(await Promise.all(asked)).size).toBe(102)
  expect(passwords.busy()).toBe(false)
})
