import { Fault } from '@regulars/contract/values/assert'
import { expect, test } from 'vitest'
import { openLog } from '../src/log.ts'

function logged(write: (log: ReturnType<typeof openLog>) => void): Record<string, unknown> {
  const lines: string[] = []
  write(openLog('debug', { write: (line: string) => lines.push(line) }))
  const [line] = lines
  if (lines.length !== 1 || line === undefined) throw new Error(`one line, not ${lines.length}`)
  return JSON.parse(line)
}

test("a fault is logged whole but for keys and guests' contact data", () => {
  const detail = 'Key (kind, value)=(email, ana@example.com) already exists.'
  const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail })
  const guest = { guestId: 7, email: 'ana@example.com', profile: { zipCode: '94111' }, lots: [1] }
  const fault = new Fault('record: no', { guest, headers: { Authorization: 'Token token=abc' } })
  const line = logged((log) => log.error({ err: Object.assign(fault, { cause }) }, 'a fault'))

  expect(line).toEqual({
    level: 50,
    time: expect.any(Number),
    msg: 'a fault',
    err: {
      type: 'Fault',
      message: 'record: no',
      stack: expect.stringContaining('Fault: record: no'),
      facts: {
        guest: { guestId: 7, email: '[redacted]', profile: '[redacted]', lots: [1] },
        headers: { Authorization: '[redacted]' },
      },
      cause: {
        type: 'Error',
        message: 'duplicate key',
        code: '23505',
        stack: expect.stringContaining('duplicate key'),
      },
    },
  })
})

test('both spellings of a member are blanked, at any depth', () => {
  const line = logged((log) =>
    log.warn({ a: [{ cardNumber: '1', card_number: '2', 'x-pch-digest': '3' }], guestId: 4 }, 'x'),
  )
  expect(line).toMatchObject({
    a: [{ cardNumber: '[redacted]', card_number: '[redacted]', 'x-pch-digest': '[redacted]' }],
    guestId: 4,
  })
})
