import { describe, expect, test } from 'vitest'
import { readJson } from '../src/sync/read-json.ts'

test('a text that Windows put its mark before is read', () => {
  expect(readJson('\uFEFF{"a": 1}\r\n')).toEqual({ kind: 'read', content: { a: 1 } })
})

describe('a text that is no JSON is refused where', () => {
  const cases = [
    { what: 'it is empty', text: '', line: 1, column: 1 },
    { what: 'it is no JSON at all', text: 'clientId: x', line: 1, column: 1 },
    { what: 'a value is no JSON', text: '{"a": secret}', line: 1, column: 7 },
    { what: 'a comma is missing', text: '{\n  "a": "1"\n  "b": 2\n}', line: 3, column: 3 },
    { what: 'a comma is too many', text: '{\r\n  "a": [1, 2],\r\n}', line: 3, column: 1 },
    { what: 'a colon is missing', text: '{"a" 1}', line: 1, column: 6 },
    { what: 'a member has no quotes', text: '{a: 1}', line: 1, column: 2 },
    { what: 'a text has the wrong quotes', text: '{"a": \'b\'}', line: 1, column: 7 },
    { what: 'a text is not ended', text: '{"a": "b\n}', line: 1, column: 7 },
    { what: 'a text has an unknown escape', text: '["C:\\Users"]', line: 1, column: 2 },
    { what: 'a number begins with a zero', text: '[01]', line: 1, column: 3 },
    { what: 'a comment stands', text: '{\n  // one\n  "a": 1}', line: 2, column: 3 },
    { what: 'it is cut short', text: '{"a": [1', line: 1, column: 9 },
    { what: 'more follows', text: '{"a": 1}\n\n}', line: 3, column: 1 },
    { what: 'it is wrong behind the mark', text: '\uFEFF[x]', line: 1, column: 2 },
  ]
  test.each(cases)('$what', ({ text, line, column }) => {
    expect(readJson(text)).toEqual({ kind: 'refused', line, column })
  })
})
