import { isMembers, type Place, type Walk } from './frame.ts'
import { readers } from './read-value.ts'
import type { Members, Shape } from './shape.ts'
import { Unstorable, unreadable } from './unstorable.ts'

export type Identify = (place: Place) => { id: string; path: string }

/** How a shape's rows get their id and path; see `Identity`. */
export function identifyBy(shape: Shape): Identify {
  const { table, identity } = shape
  if (identity === 'none') return ({ parent }) => parent ?? noIdentity
  const read = idReader(shape)
  if (identity === 'required') {
    return ({ members, walk }) => {
      const id = read(members, walk)
      if (id === null) throw new Unstorable(`${table}.id is missing`)
      return { id, path: '' }
    }
  }
  const isPath = identity === 'path'
  return ({ members, ordinal, parent, walk }) => {
    const taken = takenIn(walk, table)
    const above = parent ?? noIdentity
    const id = read(members, walk) ?? `gen-${above.id}-${ordinal}`
    let own = idAndPath(id, isPath ? above.path : null)
    // Bounded by the rows of the table: every turn meets another one that is taken.
    for (let again = 1; taken.has(own.path); again += 1) {
      const repeated = `gen-${above.id}-${ordinal}${again === 1 ? '' : `-${again}`}`
      own = idAndPath(repeated, isPath ? above.path : null)
    }
    taken.add(own.path)
    return own
  }
}

const noIdentity = { id: '', path: '' }

function idAndPath(id: string, above: string | null): { id: string; path: string } {
  return { id, path: above === null || above === '' ? id : `${above}/${id}` }
}

function takenIn({ taken }: Walk, table: string): Set<string> {
  const known = taken.get(table)
  if (known !== undefined) return known
  const none = new Set<string>()
  taken.set(table, none)
  return none
}

/** Reads the column `id` ahead of the others; null where nothing was sent. */
function idReader({ table, columns }: Shape): (members: Members, walk: Walk) => string | null {
  const column = columns.id
  if (column === undefined) throw new Error(`${table} has no column id`)
  const path = column.from?.split('.') ?? []
  return (members, { at }) => {
    if (column.otherwise !== undefined) return at.location
    let value: unknown = members
    for (const member of path) value = isMembers(value) ? value[member] : null
    const id = value === null || value === undefined ? null : readers.text(value)
    if (id === undefined) throw unreadable(table, 'id', value)
    return id === null || id === '' ? null : String(id)
  }
}
