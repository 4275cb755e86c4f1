import type { FaultKind } from './faults.ts'

/** A body with oddities that Toast's own bodies have: the same facts, said unexpectedly. */
export function oddBody(kind: FaultKind, body: unknown): unknown {
  if (kind === 'null-lists') return nullLists(body)
  if (kind === 'unknown-field') return unknownFields(body)
  return kind === 'unknown-enum' ? unknownEnums(body) : body
}

/** Every empty list inside an object becomes null: nothing is lost. */
function nullLists(value: unknown): unknown {
  return mapped(value, (member) => (Array.isArray(member) && member.length === 0 ? null : member))
}

/** Every object with a guid gets members nobody announced. */
function unknownFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unknownFields)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, unknownFields(member)]),
  )
  return 'guid' in members
    ? { ...members, futureMember: { nested: ['é', 1, null] }, futureFlag: true }
    : members
}

const enums = new Set(['approvalStatus', 'fulfillmentStatus', 'cardEntryMode', 'wageFrequency'])

/** Some enumerations get a value that came out yesterday. */
function unknownEnums(value: unknown): unknown {
  return mapped(value, (member, name) =>
    typeof member === 'string' && enums.has(name) ? 'SOMETHING_NEW' : member,
  )
}

function mapped(value: unknown, of: (member: unknown, name: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => mapped(each, of))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, mapped(of(member, name), of)]),
  )
}
