import { readCriterion } from '@regulars/contract/wire/offers-read'
import { expect, test } from 'vitest'
import { qualifyingConditions } from '../../src/catalog/qualifying-conditions.ts'
import { criterionFrom } from '../../src/catalog/rules-from.ts'
import { catalogOf, exampleProgram } from './example-catalogs.ts'

test('every criterion of Harbor Coffee, shown and read back, is the same criterion', async () => {
  const { criteria, selectors } = catalogOf(await exampleProgram('harbor-coffee'))
  const known = {
    selectors: new Set(selectors.keys()),
    criteria: new Set(criteria.keys()),
    scopes: new Set(['tag:waterfront']),
  }
  for (const criterion of criteria.values()) {
    const { value, errors, warnings } = readCriterion(qualifyingConditions(criterion), {
      known,
      newId: 'never-used',
    })
    expect({ errors, warnings }).toEqual({ errors: [], warnings: {} })
    if (value === null) throw new Error('a criterion without errors has a value')
    expect(criterionFrom(value, { selectors, locationIds: new Map() })).toEqual(criterion)
  }
  expect(criteria.size).toBeGreaterThan(10)
})
