import type { RefusalCode } from '@regulars/contract/refusals'
import type { Operation } from '@regulars/contract/wire/operation'
import { refusalsOf } from '@regulars/contract/wire/refusal-replies'
import Value from 'typebox/value'
import { expect } from 'vitest'
import type { Answer } from './harbor-counter.ts'

/**
 * Holds a successful answer to the reply its operation publishes: a status that it has, every member
 * of its type, none that is not described. Answers with the body.
 */
export function expectReply(operation: Operation, answer: Answer): Answer['body'] {
  const { status, body } = answer
  const schema = operation.replies[status]
  expect(schema, `${operation.name} answered ${status} ${JSON.stringify(body)}`).toBeDefined()
  if (schema === undefined) return body
  const problems = [...Value.Errors(schema, body)].map(
    ({ instancePath, message }) => `${instancePath}: ${message}`,
  )
  expect(problems, JSON.stringify(body)).toEqual([])
  expect(Value.Clean(schema, structuredClone(body)), 'members that are not described').toEqual(body)
  return body
}

/** Holds a refused answer to its code, which must be one the operation lists, its status and body. */
export function expectRefusal(
  operation: Operation,
  answer: Answer,
  expected: { code: RefusalCode; status: number; body: unknown },
): void {
  const { code, status, body } = answer
  expect({ code, status, body }).toEqual(expected)
  expect(refusalsOf(operation), `refusals of ${operation.name}`).toContain(expected.code)
}
