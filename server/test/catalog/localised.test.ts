import { expect, test } from 'vitest'
import { localised, localisedSubscription, textsFrom } from '../../src/catalog/localised.ts'

const texts = textsFrom('Coffee', [
  { language: 'es', translation: 'Café' },
  { language: 'fr-CA', translation: 'Café québécois' },
])

const cases = [
  { header: null, text: 'Coffee', subscription: 'Coffee' },
  { header: '', text: 'Coffee', subscription: 'Coffee' },
  { header: 'en', text: 'Coffee', subscription: 'Coffee' },
  { header: 'en-CY', text: 'Coffee', subscription: 'Coffee' },
  { header: 'es', text: 'Café', subscription: 'Café' },
  { header: 'es-US', text: 'Café', subscription: 'Café' },
  { header: 'fr-ca', text: 'Café québécois', subscription: 'Café québécois' },
  { header: 'fr', text: 'Coffee', subscription: null },
  { header: 'ro', text: 'Coffee', subscription: null },
  { header: 'ro, es;q=0.8', text: 'Café', subscription: 'Café' },
  { header: 'es;q=0.5, fr-ca;q=0.9', text: 'Café québécois', subscription: 'Café québécois' },
  { header: 'en;q=0.9, es;q=0.8', text: 'Coffee', subscription: 'Coffee' },
  { header: 'es;q=0, ro', text: 'Coffee', subscription: null },
  { header: 'es;q=many', text: 'Coffee', subscription: 'Coffee' },
  { header: '*', text: 'Coffee', subscription: 'Coffee' },
  { header: ';;,,q=1', text: 'Coffee', subscription: null },
]

for (const { header, text, subscription } of cases) {
  test(`Accept-Language ${header === null ? 'not sent' : `"${header}"`}`, () => {
    expect({
      text: localised(texts, header),
      subscription: localisedSubscription(texts, header),
    }).toEqual({ text, subscription })
  })
}
