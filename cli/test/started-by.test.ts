import { userInfo } from 'node:os'
import { expect, test } from 'vitest'
import { startedBy } from '../src/sync/started-by.ts'

test('a run is started by the account it runs under', () => {
  expect(startedBy()).toBe(userInfo().username)
})

test('an account without a name is told by its number', () => {
  const withoutName = () => {
    throw new Error('A system error occurred: uv_os_get_passwd returned ENOENT')
  }
  expect(startedBy(withoutName)).toBe(`uid ${process.getuid?.()}`)
})
