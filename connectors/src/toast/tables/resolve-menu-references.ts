import type { Members } from '../../mapping/shape.ts'

/**
 * A menus document with ids in place of its reference numbers, which are good in one document only:
 * the three maps become lists whose entries have `#id`, and every number that points into them
 * becomes that id, or null where the document has no such entry.
 *
 * An id is the entry's guid. One guid may stand in a document several times, such as a group priced
 * differently under two items: the second in the order of the map is `<guid>-2`, and so on.
 */
export function withIdsForReferences(document: Members): Members {
  const entries = {
    groups: entriesOf(document.modifierGroupReferences),
    options: entriesOf(document.modifierOptionReferences),
    preGroups: entriesOf(document.preModifierGroupReferences),
  }
  const ids = {
    modifierGroupReferences: idsOf(entries.groups),
    modifierOptionReferences: idsOf(entries.options),
    preModifierGroupReference: idsOf(entries.preGroups),
  } satisfies Ids
  const { groups, options, preGroups } = entries
  return {
    ...document,
    menus: resolved(document.menus, ids),
    modifierGroupReferences: listOf(groups, ids.modifierGroupReferences, ids),
    modifierOptionReferences: listOf(options, ids.modifierOptionReferences, ids),
    preModifierGroupReferences: listOf(preGroups, ids.preModifierGroupReference, ids),
  }
}

/** Reference number to entry, or what stood there instead of a map. */
type Entries = Map<string, unknown> | { readonly instead: unknown }

/** Reference number to id, by the member that holds such numbers. */
type Ids = Readonly<Record<string, ReadonlyMap<string, string>>>

function entriesOf(map: unknown): Entries {
  if (!isMembers(map)) return { instead: map }
  return new Map(Object.entries(map))
}

function idsOf(entries: Entries): Map<string, string> {
  const ids = new Map<string, string>()
  if (!(entries instanceof Map)) return ids
  const seen = new Map<string, number>()
  for (const [number, entry] of entries) {
    const guid = isMembers(entry) && typeof entry.guid === 'string' ? entry.guid : ''
    // An entry without a guid gets its id when it is mapped.
    if (guid === '') continue
    const count = (seen.get(guid) ?? 0) + 1
    seen.set(guid, count)
    ids.set(number, count === 1 ? guid : `${guid}-${count}`)
  }
  return ids
}

function listOf(entries: Entries, own: ReadonlyMap<string, string>, ids: Ids): unknown {
  if (!(entries instanceof Map)) return entries.instead
  return [...entries].map(([number, entry]) => {
    const id = own.get(number) ?? null
    return isMembers(entry) ? { ...(resolved(entry, ids) as Members), '#id': id } : entry
  })
}

function resolved(value: unknown, ids: Ids): unknown {
  if (Array.isArray(value)) return value.map((one) => resolved(one, ids))
  if (!isMembers(value)) return value
  const copy: Record<string, unknown> = Object.create(null)
  for (const [name, member] of Object.entries(value)) {
    const known = Object.hasOwn(ids, name) ? ids[name] : undefined
    copy[name] = known === undefined ? resolved(member, ids) : idsFor(member, known)
  }
  return copy
}

function idsFor(member: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(member)) return member.map((number) => idsFor(number, ids))
  const isNumber = typeof member === 'number' || typeof member === 'string'
  return isNumber ? (ids.get(String(member)) ?? null) : member
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
