import { as, columnName, given, guidNamed, text } from '../../mapping/columns.ts'
import type { Columns, Part, Shape } from '../../mapping/shape.ts'

/** `restaurant_id`, the first column of every table but `restaurant`. */
export const inRestaurant: Columns = given('restaurant_id', 'text', { given: 'location' })

/** What an entity says of itself. */
export const entity: Columns = text('guid', 'entityType')

/** The same, for entities a partner may give an id of its own. */
export const externalEntity: Columns = text('guid', 'entityType', 'externalId')

/** Where a part stands among its siblings, counted from 0. */
export const ordinal: Columns = given('ordinal', 'integer', { given: 'ordinal' })

/**
 * What stands in every reference and has no column: the kind of thing, where the column's name says
 * it; the external id, which readers get as null; the id of menu entities across locations.
 */
export const inReferences = {
  dropped: ['entityType'],
  quiet: ['externalId', 'multiLocationId'],
} as const satisfies Pick<Shape, 'dropped' | 'quiet'>

/** `server_id` and `server_entity_type` of each reference. */
export function reference(...paths: string[]): Columns {
  return Object.assign({}, ...paths.map((path) => guidAndType(columnName(path), path)))
}

/** The two columns of a reference under another name than its path gives. */
export function guidAndType(name: string, path: string): Columns {
  return {
    ...guidNamed(`${name}_id`, path),
    ...as(`${name}_entity_type`, 'text', `${path}.entityType`),
  }
}

/** A reference to an entity of the menu, which also has an id that all locations share. */
export function menuReference(...paths: string[]): Columns {
  const columns = paths.map((path) => ({
    ...reference(path),
    ...text(`${path}.multiLocationId`),
  }))
  return Object.assign({}, ...columns)
}

/** `dining_option_guid` of each reference: the published names have no `_id` and no type there. */
export function guid(...paths: string[]): Columns {
  return Object.assign({}, ...paths.map((path) => guidNamed(`${columnName(path)}_guid`, path)))
}

/** A list of references, kept as JSON, and the part that has a row for each of them. */
export type Link = { readonly table: string; readonly from: string; readonly other: string }

/** The rows of a link table: `<owner>_id`, `ordinal` and the id of the other thing. */
export function links(owner: string, { table, from, other }: Link): Part {
  const ownerId = `${owner}_id`
  const shape: Shape = {
    table,
    source: `${from}[]`,
    key: ['restaurant_id', ownerId, 'ordinal'],
    identity: 'none',
    columns: {
      ...inRestaurant,
      ...given(ownerId, 'text', { given: 'parentId' }),
      ...ordinal,
      [other]: { type: 'text', from: 'guid', isReference: true },
    },
    ...inReferences,
  }
  return { from, as: 'list', shape: () => shape }
}
