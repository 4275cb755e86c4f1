import { scaledFromText } from '@regulars/contract/values/exact'
import type { Operator } from './catalog.ts'

/** What a clause reads: trimmed text, a number in millionths, or null when the attribute is absent. */
export type Subject = string | number | null

/** A clause made ready. */
export type Test = (subject: Subject) => boolean

/**
 * Makes one clause ready to run on many subjects. `kind` is the attribute's type: `007` and `7` are
 * different ids but the same number. An absent attribute fails every positive operator and passes
 * every negated one. A value that cannot be read makes a positive operator false.
 */
export function compileClause(kind: 'text' | 'number', operator: Operator, value: string): Test {
  const negated = negatedOf[operator]
  const test = positiveTest(kind, negated ?? operator, value)
  return negated === undefined
    ? (subject) => subject !== null && test(subject)
    : (subject) => subject === null || !test(subject)
}

const negatedOf: Partial<Record<Operator, PositiveOperator>> = {
  '!=': '==',
  not_in: 'in',
  not_in_case_insensitive: 'in_case_insensitive',
  not_like: 'like',
  not_in_range: 'in_range',
}

type PositiveOperator = Exclude<
  Operator,
  '!=' | 'not_in' | 'not_in_case_insensitive' | 'not_like' | 'not_in_range'
>
type PresentTest = (subject: string | number) => boolean

function positiveTest(kind: 'text' | 'number', operator: Operator, value: string): PresentTest {
  switch (operator as PositiveOperator) {
    case '==':
      return isOneOf(kind, [value])
    case 'in':
      return isOneOf(kind, value.split(','))
    case 'is_case_insensitive':
      return isOneOfFolded(kind, [value])
    case 'in_case_insensitive':
      return isOneOfFolded(kind, value.split(','))
    case '>':
      return compared(value, (subject, bound) => subject > bound)
    case '<':
      return compared(value, (subject, bound) => subject < bound)
    case '>=':
      return compared(value, (subject, bound) => subject >= bound)
    case '<=':
      return compared(value, (subject, bound) => subject <= bound)
    case 'like':
      return containsInOrder(value)
    case 'in_range':
      return inRange(value.includes('..') ? value.split('..') : value.split(','))
    case 'mod':
      return leavesRemainder(value)
    case 'in_special':
      return matchesAny(kind, value)
  }
}

function isOneOf(kind: 'text' | 'number', values: readonly string[]): PresentTest {
  const wanted = values.map((value) => (kind === 'number' ? numberOf(value) : value.trim()))
  return (subject) => wanted.includes(subject)
}

function isOneOfFolded(kind: 'text' | 'number', values: readonly string[]): PresentTest {
  if (kind === 'number') return isOneOf(kind, values)
  const wanted = values.map((value) => value.trim().toLowerCase())
  return (subject) => wanted.includes(textOf(subject).toLowerCase())
}

function compared(value: string, holds: (subject: number, bound: number) => boolean): PresentTest {
  const bound = numberOf(value)
  return (subject) => {
    const number = numberOf(subject)
    return number !== null && bound !== null && holds(number, bound)
  }
}

/** `%` stands for anything between two pieces; the ends are open. */
function containsInOrder(value: string): PresentTest {
  const pieces = value.trim().toLowerCase().split('%')
  return (subject) => {
    const text = textOf(subject).toLowerCase()
    let from = 0
    for (const piece of pieces) {
      const at = text.indexOf(piece, from)
      if (at < 0) return false
      from = at + piece.length
    }
    return true
  }
}

function inRange([low = '', high = '', ...rest]: readonly string[]): PresentTest {
  const [least, most] = [numberOf(low), numberOf(high)]
  return (subject) => {
    const number = numberOf(subject)
    if (number === null || least === null || most === null || rest.length > 0) return false
    return number >= least && number <= most
  }
}

/** Whole numbers only, of any length: a transaction number may have more digits than a double. */
function leavesRemainder(value: string): PresentTest {
  const [divisor, remainder = 0n, ...rest] = value.split(',').map(wholeOf)
  return (subject) => {
    const whole = wholeOf(textOf(subject))
    if (whole === null || remainder === null || rest.length > 0) return false
    if (divisor === undefined || divisor === null || divisor <= 0n) return false
    return whole % divisor === remainder
  }
}

/** Tokens may be exact, `a..b`, or `prefix*`. */
function matchesAny(kind: 'text' | 'number', value: string): PresentTest {
  const tests = value.split(',').map((token): PresentTest => {
    const wanted = token.trim()
    if (wanted.includes('..')) return inRange(wanted.split('..'))
    if (!wanted.endsWith('*')) return isOneOf(kind, [wanted])
    return (subject) => textOf(subject).startsWith(wanted.slice(0, -1))
  })
  return (subject) => tests.some((test) => test(subject))
}

function numberOf(value: string | number): number | null {
  return typeof value === 'number' ? value : scaledFromText(value, 6)
}

function textOf(subject: string | number): string {
  return typeof subject === 'number' ? String(subject / 1_000_000) : subject
}

function wholeOf(text: string): bigint | null {
  const trimmed = text.trim()
  return /^[+-]?\d{1,40}$/.test(trimmed) ? BigInt(trimmed) : null
}
