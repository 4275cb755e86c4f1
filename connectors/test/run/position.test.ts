import { expect, test } from 'vitest'
import { atTheBeginning, moved, positionFrom } from '../../src/run/position.ts'

const at = '2026-11-20T12:00:00.000Z'

const moves = [
  { name: 'nothing', position: { rows: 3, mark: 'm' }, moves: {}, after: { rows: 3, mark: 'm' } },
  {
    name: 'only what is named',
    position: { rows: 3, cursor: 'then', floor: 'there' },
    moves: { cursor: 'now' },
    after: { rows: 3, cursor: 'now', floor: 'there' },
  },
  {
    name: 'the first repairs',
    position: { rows: 0 },
    moves: { repaired: ['modified', 'voided'] },
    after: { rows: 0, repairedAt: { modified: at, voided: at } },
  },
  {
    name: 'one repair of several',
    position: { rows: 0, repairedAt: { modified: 'then', voided: 'then' } },
    moves: { repaired: ['voided'] },
    after: { rows: 0, repairedAt: { modified: 'then', voided: at } },
  },
]

for (const { name, position, moves: given, after } of moves) {
  test(`a position moves: ${name}`, () => {
    expect(moved(position, given, at)).toEqual(after)
  })
}

test('a position that was kept is the same, whatever members it has', () => {
  const kept = { rows: 3, cursor: at, repairedAt: { modified: at }, ofALaterVersion: true }
  expect(positionFrom(JSON.stringify(kept))).toEqual(kept)
  expect(positionFrom('{}')).toEqual(atTheBeginning)
})
