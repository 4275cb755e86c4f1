import { boolean, given, number, text } from '../../mapping/columns.ts'
import type { Part, Shape } from '../../mapping/shape.ts'
import { entity, inReferences, inRestaurant, ordinal, reference } from './reference.ts'

/**
 * The taxes of a line, a modifier or a service charge. Their guids are mostly null and two of one
 * rate look alike: the place in the list is the key.
 */
export function appliedTaxes(owner: string): Part {
  const ownerId = `${owner}_id`
  const shape: Shape = {
    table: `${owner}_applied_tax`,
    source: `appliedTaxes[] of ${owner}`,
    key: ['restaurant_id', ownerId, 'ordinal'],
    identity: 'none',
    columns: {
      ...inRestaurant,
      ...given(ownerId, 'text', { given: 'parentId' }),
      ...ordinal,
      ...entity,
      ...text('name', 'displayName'),
      ...number('rate', 'taxAmount'),
      ...text('type'),
      ...boolean('facilitatorCollectAndRemitTax'),
      ...reference('taxRate'),
      ...text('jurisdiction', 'jurisdictionType'),
    },
    ...inReferences,
  }
  return { from: 'appliedTaxes', as: 'list', shape: () => shape }
}
