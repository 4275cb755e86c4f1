import { type Refusal, refuse } from '@regulars/contract/refusals'

export type ParsedBody = { kind: 'parsed'; members: Readonly<Record<string, unknown>> }

// A JSON number cannot tell 1.1 from 1.10, the tenth modifier: such serials are read as text.
// Each part ends where the next begins, so that a megabyte of digits is looked at once.
const tenthModifier = /"serial_number"\s*:\s*-?\d+\.\d*[1-9]0+\s*[,}\]]/

/** The members of a JSON body; no body has none. Text that holds JSON is read as that JSON. */
export function parseBody(body: Buffer): ParsedBody | Refusal {
  const text = body.toString('utf8').trim()
  if (text === '') return { kind: 'parsed', members: {} }
  const outer = parseJson(text)
  if (outer.kind === 'refused') return outer
  const inner = typeof outer.value === 'string' ? parseJson(outer.value) : outer
  if (inner.kind === 'refused') return inner
  if (inner.value === null) return { kind: 'parsed', members: {} }
  if (typeof inner.value !== 'object' || Array.isArray(inner.value)) {
    return refuse('malformed_request', { problem: 'The body must be a JSON object.' })
  }
  return { kind: 'parsed', members: inner.value as Record<string, unknown> }
}

function parseJson(text: string): { kind: 'value'; value: unknown } | Refusal {
  try {
    const value: unknown = tenthModifier.test(text)
      ? JSON.parse(text, keepSerialText)
      : JSON.parse(text)
    return { kind: 'value', value }
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'it cannot be parsed'
    return refuse('malformed_request', { problem: `The body is not JSON: ${problem}` })
  }
}

function keepSerialText(key: string, value: unknown, context?: { source?: string }): unknown {
  return key === 'serial_number' && typeof value === 'number' ? (context?.source ?? value) : value
}
