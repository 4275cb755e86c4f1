import { parseLocalInstant } from '@regulars/contract/values/instants'
import { parsedJson } from '../parsed-json.ts'
import type { Reading } from '../source.ts'
import { type Position, positionFrom } from './position.ts'

/** A stored position, or what is wrong with it: somebody may have changed it by hand. */
export type ReadPosition =
  | { kind: 'read'; position: Position }
  | { kind: 'refused'; problems: readonly string[] }

/** Reads what is stored. Members that we do not know are another version's, and no problem. */
export function readPosition(text: string, reading: Reading['kind'] | null = null): ReadPosition {
  const value = parsedJson(text)
  if (!isObject(value)) return { kind: 'refused', problems: ['it is no JSON object.'] }
  const known = Object.entries(value).filter(([name]) => Object.hasOwn(rules, name))
  const problems = positionProblems(Object.fromEntries(known), reading)
  if (problems.length > 0) return { kind: 'refused', problems }
  return { kind: 'read', position: positionFrom(text) }
}

/**
 * Everything that keeps an object from being a position, by its members. Where it is not said how
 * the stream is read, moments may be dates or instants.
 */
export function positionProblems(value: object, reading: Reading['kind'] | null): string[] {
  return Object.entries(value).flatMap(([name, member]) => {
    const rule = ruleOf(name, reading)
    if (rule === null) return [`${name}: there is no such member; there are ${names.join(', ')}.`]
    return rule.isSound(member) ? [] : [`${name}: must be ${rule.must}.`]
  })
}

type Rule = { must: string; isSound(value: unknown): boolean }

const anInstant: Rule = {
  must: 'an instant in UTC such as 2026-11-01T00:00:00.000Z',
  isSound: isInstant,
}
const aDate: Rule = { must: 'a date such as 2026-11-01', isSound: isDate }
const aMoment: Rule = {
  must: `${anInstant.must}, or ${aDate.must}`,
  isSound: (value) => isInstant(value) || isDate(value),
}

const rules: Readonly<Record<keyof Required<Position>, Rule>> = {
  cursor: aMoment,
  floor: aMoment,
  wholeAt: anInstant,
  repairedAt: {
    must: `an object of which each member is ${anInstant.must}`,
    isSound: (value) => isObject(value) && Object.values(value).every(isInstant),
  },
  mark: { must: 'text', isSound: isText },
  readAt: anInstant,
  againFrom: anInstant,
  holes: {
    must: 'a list of objects with from and before, the number of tries, the instant at, and message and verdict as text',
    isSound: (value) => Array.isArray(value) && value.every(isHole),
  },
  rows: {
    must: 'a whole number from 0',
    isSound: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  },
  lastSuccessAt: anInstant,
  lastError: {
    must: 'an object with the instant at, and message and verdict as text',
    isSound: (value) =>
      isObject(value) && isInstant(value.at) && isText(value.message) && isText(value.verdict),
  },
}

const names = Object.keys(rules)

function isHole(value: unknown): boolean {
  if (!isObject(value) || !isInstant(value.at) || !Number.isSafeInteger(value.tries)) return false
  return (
    aMoment.isSound(value.from) &&
    aMoment.isSound(value.before) &&
    isText(value.message) &&
    isText(value.verdict)
  )
}

/** Streams that are read by days stand at a date, all others at an instant. */
function ruleOf(name: string, reading: Reading['kind'] | null): Rule | null {
  if (!Object.hasOwn(rules, name)) return null
  const rule = rules[name as keyof Position]
  if (rule !== aMoment || reading === null) return rule
  return reading === 'days' ? aDate : anInstant
}

const instantText = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/

function isInstant(value: unknown): boolean {
  return isText(value) && instantText.test(value) && parseLocalInstant(value) !== null
}

function isDate(value: unknown): boolean {
  return isText(value) && isInstant(`${value}T00:00:00Z`)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
