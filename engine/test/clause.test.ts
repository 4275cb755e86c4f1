import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Operator } from '../src/catalog.ts'
import { compileClause, type Subject } from '../src/clause.ts'

const number = (value: number) => Math.round(value * 1_000_000)

const rows: { subject: Subject; operator: Operator; value: string; holds: boolean }[] = [
  { subject: number(2), operator: '==', value: '2.0', holds: true },
  { subject: number(2), operator: '==', value: '3', holds: false },
  { subject: '007', operator: '==', value: '7', holds: false },
  { subject: '7', operator: '==', value: ' 7 ', holds: true },
  { subject: 'Entree', operator: '==', value: 'entree', holds: false },
  { subject: '7', operator: '!=', value: '7', holds: false },
  { subject: '007', operator: '!=', value: '7', holds: true },
  { subject: number(9.5), operator: '>=', value: '9.50', holds: true },
  { subject: number(9.49), operator: '>=', value: '9.50', holds: false },
  { subject: number(9.5), operator: '>', value: '9.50', holds: false },
  { subject: number(9.51), operator: '>', value: '9.50', holds: true },
  { subject: number(9.5), operator: '<=', value: '9.50', holds: true },
  { subject: number(9.5), operator: '<', value: '9.50', holds: false },
  { subject: number(9.49), operator: '<', value: '9.50', holds: true },
  { subject: 'twelve', operator: '>', value: '1', holds: false },
  { subject: '12', operator: '>', value: '9', holds: true },
  { subject: number(1), operator: '>', value: 'nothing', holds: false },
  { subject: 'Entree', operator: 'is_case_insensitive', value: 'entree', holds: true },
  { subject: 'Entrees', operator: 'is_case_insensitive', value: 'entree', holds: false },
  { subject: '106', operator: 'in', value: '101,106', holds: true },
  { subject: '106', operator: 'in', value: '101, 106 ', holds: true },
  { subject: '107', operator: 'in', value: '101,106', holds: false },
  { subject: 'apple', operator: 'in', value: 'Apple', holds: false },
  { subject: '102', operator: 'in', value: '101..106', holds: false },
  { subject: number(2), operator: 'in', value: '1,2.0', holds: true },
  { subject: '106', operator: 'not_in', value: '101,106', holds: false },
  { subject: 'apple', operator: 'not_in', value: 'Apple', holds: true },
  { subject: 'apple', operator: 'in_case_insensitive', value: 'Apple,Pear', holds: true },
  { subject: 'plum', operator: 'in_case_insensitive', value: 'Apple,Pear', holds: false },
  { subject: 'PEAR', operator: 'not_in_case_insensitive', value: 'Apple,Pear', holds: false },
  { subject: 'Choc cookie', operator: 'like', value: 'Cookie', holds: true },
  { subject: 'Choc chip cookie', operator: 'like', value: 'choc%cookie', holds: true },
  { subject: 'cookie choc', operator: 'like', value: 'choc%cookie', holds: false },
  { subject: 'Choc cookie', operator: 'not_like', value: 'Cookie', holds: false },
  { subject: 'Muffin', operator: 'not_like', value: 'Cookie', holds: true },
  { subject: number(14), operator: 'in_range', value: '14..17', holds: true },
  { subject: number(17), operator: 'in_range', value: '14..17', holds: true },
  { subject: number(13), operator: 'in_range', value: '14..17', holds: false },
  { subject: number(18), operator: 'in_range', value: '14..17', holds: false },
  { subject: number(15), operator: 'in_range', value: '14,17', holds: true },
  { subject: number(15), operator: 'in_range', value: '14', holds: false },
  { subject: number(18), operator: 'not_in_range', value: '14..17', holds: true },
  { subject: number(17), operator: 'not_in_range', value: '14..17', holds: false },
  { subject: '1233', operator: 'mod', value: '10,3', holds: true },
  { subject: '1234', operator: 'mod', value: '10,3', holds: false },
  { subject: '1230', operator: 'mod', value: '10', holds: true },
  { subject: '12345678901234567893', operator: 'mod', value: '10,3', holds: true },
  { subject: '1230', operator: 'mod', value: '0', holds: false },
  { subject: 'A1', operator: 'mod', value: '10,3', holds: false },
  { subject: number(15), operator: 'mod', value: '15', holds: true },
  { subject: number(15.5), operator: 'mod', value: '15', holds: false },
  { subject: '150', operator: 'in_special', value: '100..199,9*', holds: true },
  { subject: '9001', operator: 'in_special', value: '100..199,9*', holds: true },
  { subject: '200', operator: 'in_special', value: '100..199,9*', holds: false },
  { subject: '42', operator: 'in_special', value: '100..199, 42', holds: true },
]

for (const { subject, operator, value, holds } of rows) {
  test(`${subject} ${operator} ${value} is ${holds}`, () => {
    const kind = typeof subject === 'number' ? 'number' : 'text'
    expect(compileClause(kind, operator, value)(subject)).toBe(holds)
  })
}

describe('an absent attribute', () => {
  const positive: Operator[] = [
    '==',
    '>',
    '<',
    '>=',
    '<=',
    'is_case_insensitive',
    'in',
    'in_case_insensitive',
    'like',
    'in_range',
    'mod',
    'in_special',
  ]
  for (const operator of positive) {
    test(`fails ${operator}`, () => {
      expect(compileClause('text', operator, '')(null)).toBe(false)
    })
  }
  const negated: Operator[] = [
    '!=',
    'not_in',
    'not_in_case_insensitive',
    'not_like',
    'not_in_range',
  ]
  for (const operator of negated) {
    test(`passes ${operator}`, () => {
      expect(compileClause('text', operator, '')(null)).toBe(true)
    })
  }
})

const pairs: [Operator, Operator][] = [
  ['==', '!='],
  ['in', 'not_in'],
  ['in_case_insensitive', 'not_in_case_insensitive'],
  ['like', 'not_like'],
  ['in_range', 'not_in_range'],
]

for (const [positive, negated] of pairs) {
  test(`${positive} holds exactly where ${negated} does not`, () => {
    const subject = fc.oneof(
      fc.constantFrom('apple', '106', '12', 'Choc'),
      fc.integer({ min: -50, max: 50 }).map((n) => n * 500_000),
    )
    const value = fc.constantFrom('apple', '106,APPLE', '1..12', '3,12', '%o', '', '12.5')
    fc.assert(
      fc.property(subject, value, (present, text) => {
        const kind = typeof present === 'number' ? 'number' : 'text'
        expect(compileClause(kind, negated, text)(present)).toBe(
          !compileClause(kind, positive, text)(present),
        )
      }),
    )
  })
}
