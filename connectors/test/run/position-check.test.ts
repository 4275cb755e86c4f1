import { describe, expect, test } from 'vitest'
import { positionProblems, readPosition } from '../../src/run/position-check.ts'
import type { Reading } from '../../src/source.ts'

const at = '2026-11-20T12:00:00.000Z'

const whole = {
  cursor: at,
  floor: '2026-11-20T12:00:00Z',
  wholeAt: at,
  repairedAt: { modified: at },
  mark: '',
  readAt: at,
  againFrom: at,
  rows: 0,
  lastSuccessAt: at,
  lastError: { at, message: 'm', verdict: 'blocked' },
}

const unsound: { name: string; member: string; values: unknown[] }[] = [
  {
    name: 'a moment',
    member: 'cursor',
    values: [5, null, '', 'soon', '2026-02-30', '2026-11-20T12:00:00', '2026-11-20T12:00:00,5Z'],
  },
  { name: 'an instant', member: 'wholeAt', values: [0, '2026-11-20', '2026-11-20T25:00:00Z'] },
  { name: 'repairs', member: 'repairedAt', values: [at, [at], { modified: 5 }] },
  { name: 'text', member: 'mark', values: [null, 5, {}] },
  { name: 'a count', member: 'rows', values: ['x', '1', -1, 0.5, null] },
  { name: 'an error', member: 'lastError', values: ['m', { at }, { ...whole.lastError, at: 5 }] },
  { name: 'nothing we know', member: 'cursors', values: [at] },
]

describe('a position', () => {
  test('is sound with all its members, and without any', () => {
    expect(positionProblems(whole, null)).toEqual([])
    expect(positionProblems({}, null)).toEqual([])
  })

  for (const { name, member, values } of unsound) {
    test.each(values)(`is refused where ${name} is %j`, (value) => {
      expect(positionProblems({ ...whole, [member]: value }, null)).toEqual([
        expect.stringMatching(`^${member}: .+\\.$`),
      ])
    })
  }

  const kinds: { kind: Reading['kind']; cursor: string; problems: string[] }[] = [
    { kind: 'days', cursor: '2026-11-20', problems: [] },
    { kind: 'days', cursor: at, problems: ['cursor: must be a date such as 2026-11-01.'] },
    { kind: 'modified', cursor: at, problems: [] },
    {
      kind: 'modified',
      cursor: '2026-11-20',
      problems: ['cursor: must be an instant in UTC such as 2026-11-01T00:00:00.000Z.'],
    },
  ]
  test.each(kinds)('of $kind that stands at $cursor', ({ kind, cursor, problems }) => {
    expect(positionProblems({ cursor }, kind)).toEqual(problems)
  })
})

describe('what is stored', () => {
  test('is read, with members of another version', () => {
    const stored = { ...whole, rooms: [] }
    expect(readPosition(JSON.stringify(stored))).toEqual({ kind: 'read', position: stored })
  })

  test.each(['', '{', '[]', 'null', '5'])('is refused where it is %j', (text) => {
    expect(readPosition(text)).toEqual({ kind: 'refused', problems: ['it is no JSON object.'] })
  })

  test('is refused with all that is wrong', () => {
    expect(readPosition('{"cursor":5,"rows":"x"}')).toEqual({
      kind: 'refused',
      problems: [expect.stringMatching(/^cursor: /), 'rows: must be a whole number from 0.'],
    })
  })
})
