import { describe, expect, test } from 'vitest'
import { readPunchhConfiguration, secretsOf } from '../src/punchh/configuration.ts'

const published = {
  base_url: 'https://harbor.punchh.com',
  location_key: 'loc-1',
  business_key: 'biz-1',
}

function problemsOf(json: unknown, env = {}): readonly string[] {
  const reading = readPunchhConfiguration(json, env)
  return reading.kind === 'refused' ? reading.problems : []
}

function businessesOf(json: unknown, env = {}) {
  const reading = readPunchhConfiguration(json, env)
  if (reading.kind === 'refused') throw new Error(reading.problems.join('; '))
  return reading.configuration.businesses
}

test('the published configuration is one location of one business', () => {
  expect(readPunchhConfiguration(published, {})).toEqual({
    kind: 'read',
    configuration: {
      baseUrl: 'https://harbor.punchh.com',
      businesses: [
        {
          label: null,
          businessKey: 'biz-1',
          adminKey: null,
          adminKeyMember: null,
          locations: [{ member: 'location_key', locationKey: 'loc-1' }],
        },
      ],
      fields: {},
    },
  })
})

test('a base URL may have a path', () => {
  const reading = readPunchhConfiguration({ ...published, base_url: 'http://x:1/a/b/' }, {})
  expect(reading).toMatchObject({ configuration: { baseUrl: 'http://x:1/a/b' } })
})

test('many locations of several businesses, each with its label', () => {
  const { base_url } = published
  expect(
    businessesOf({
      base_url,
      business_key: 'biz-1',
      business: 'Harbor',
      admin_key: 'admin-1',
      businesses: [{ business_key: 'biz-2', business: 'Pier', admin_key: 'admin-2' }],
      locations: [
        { location_key: 'a' },
        { location_key: 'b', business_key: 'biz-2' },
        { location_key: 'c', business_key: 'biz-1' },
        { location_key: 'd', business_key: 'biz-3', business: 'Quay' },
      ],
      fields: { 'guest.phone': 'hash' },
    }),
  ).toEqual([
    {
      label: 'Harbor',
      businessKey: 'biz-1',
      adminKey: 'admin-1',
      adminKeyMember: 'admin_key',
      locations: [
        { member: 'locations[0]', locationKey: 'a' },
        { member: 'locations[2]', locationKey: 'c' },
      ],
    },
    {
      label: 'Pier',
      businessKey: 'biz-2',
      adminKey: 'admin-2',
      adminKeyMember: 'businesses[0].admin_key',
      locations: [{ member: 'locations[1]', locationKey: 'b' }],
    },
    {
      label: 'Quay',
      businessKey: 'biz-3',
      adminKey: null,
      adminKeyMember: null,
      locations: [{ member: 'locations[3]', locationKey: 'd' }],
    },
  ])
})

test('businesses that are only exported need a label and an admin key', () => {
  const { base_url } = published
  const businesses = [
    { business: 'Harbor', admin_key: 'admin-1' },
    { business: 'Pier', admin_key: 'admin-2' },
  ]
  expect(businessesOf({ base_url, businesses })).toMatchObject([
    { label: 'Harbor', businessKey: null, adminKey: 'admin-1', locations: [] },
    { label: 'Pier', businessKey: null, adminKey: 'admin-2', locations: [] },
  ])
  expect(businessesOf({ base_url, business: 'Harbor', admin_key: 'admin-1' })).toHaveLength(1)
})

test.each([
  { name: 'without a label in it', own: {} },
  { name: 'with the same label in it', own: { business: 'Harbor' } },
])('the top is of the one business of all locations, $name', ({ own }) => {
  const { base_url } = published
  const locations = ['a', 'b'].map((key) => ({ location_key: key, business_key: 'biz-1', ...own }))
  expect(businessesOf({ base_url, admin_key: 'admin-1', business: 'Harbor', locations })).toEqual([
    {
      label: 'Harbor',
      businessKey: 'biz-1',
      adminKey: 'admin-1',
      adminKeyMember: 'admin_key',
      locations: [
        { member: 'locations[0]', locationKey: 'a' },
        { member: 'locations[1]', locationKey: 'b' },
      ],
    },
  ])
})

test('variables stand in for what the file leaves out, and no more', () => {
  const env = {
    PUNCHH_BASE_URL: 'https://other.punchh.com',
    PUNCHH_LOCATION_KEY: 'loc-env',
    PUNCHH_BUSINESS_KEY: 'biz-env',
  }
  expect(readPunchhConfiguration({ location_key: 'loc-file' }, env)).toMatchObject({
    configuration: {
      baseUrl: 'https://other.punchh.com',
      businesses: [{ businessKey: 'biz-env', locations: [{ locationKey: 'loc-file' }] }],
    },
  })
})

describe('refused is', () => {
  test.each([
    { what: 'no object', json: [], problems: ['the configuration is no object'] },
    {
      what: 'nothing',
      json: {},
      problems: ['base_url: it is missing'],
    },
    {
      what: 'an address alone',
      json: { base_url: 'https://x' },
      problems: ['location_key: it is missing, and there are no locations and no admin_key'],
    },
    {
      what: 'a location without a business',
      json: { base_url: 'https://x', location_key: 'a' },
      problems: ['business_key: it is missing'],
    },
    {
      what: 'an address that is none',
      json: { ...published, base_url: 'harbor.punchh.com' },
      problems: ['base_url: it must be a URL such as https://SERVER_NAME.punchh.com'],
    },
    {
      what: 'an address of files',
      json: { ...published, base_url: 'file:///etc' },
      problems: ['base_url: it must be a URL such as https://SERVER_NAME.punchh.com'],
    },
    {
      what: 'an address with a user',
      json: { ...published, base_url: 'https://me:word@x' },
      problems: ['base_url: it must have no user, no query and no fragment'],
    },
    {
      what: 'a member nobody knows',
      json: { ...published, lcoation_key: 'x' },
      problems: ['lcoation_key: there is no such member'],
    },
    {
      what: 'a placeholder',
      json: { ...published, business_key: '<YOUR_BUSINESS_KEY>' },
      problems: ['business_key: it is still the placeholder'],
    },
    {
      what: 'no locations',
      json: { base_url: 'https://x', business_key: 'b', locations: [] },
      problems: ['locations: it has none'],
    },
    {
      what: 'a location twice',
      json: {
        base_url: 'https://x',
        business_key: 'b',
        locations: [{ location_key: 'a' }, { location_key: 'a' }],
      },
      problems: ['locations[1]: the same location_key as in locations[0]'],
    },
    {
      what: 'a label for two businesses',
      json: {
        base_url: 'https://x',
        locations: [
          { location_key: 'a', business_key: 'b', business: 'Same' },
          { location_key: 'c', business_key: 'd', business: 'Same' },
        ],
      },
      problems: ['business: Same is the label of two businesses'],
    },
    {
      what: 'a business with two labels',
      json: {
        base_url: 'https://x',
        business_key: 'b',
        locations: [
          { location_key: 'a', business: 'One' },
          { location_key: 'c', business: 'Two' },
        ],
      },
      problems: ['locations[1]: the business has two labels, One and Two'],
    },
    {
      what: 'a label and an admin key of nobody knows which business',
      json: {
        base_url: 'https://x',
        business: 'Harbor',
        admin_key: 'admin-1',
        locations: [
          { location_key: 'a', business_key: 'b' },
          { location_key: 'c', business_key: 'd' },
        ],
      },
      problems: ['business', 'admin_key'].map(
        (member) =>
          `${member}: the locations are of several businesses; add its business_key, or move it into businesses`,
      ),
    },
    {
      what: 'a key as a label',
      json: { ...published, business: 'biz-1' },
      problems: ['business: a label must not be a key; it is written in every row'],
    },
    {
      what: 'fields as a list',
      json: { ...published, fields: [] },
      problems: ['fields: it must be an object'],
    },
  ])('$what', ({ json, problems }) => {
    expect(problemsOf(json)).toEqual(problems)
  })

  test('everything at once, by member, without a key in any message', () => {
    const json = {
      base_url: 17,
      business_key: 'secret one',
      admin_key: ['secret-two'],
      extra: 'secret-three',
      locations: [
        { location_key: 'secret"four' },
        { business: 'x' },
        'secret-five',
        { location_key: 8 },
      ],
    }
    const problems = problemsOf(json)
    expect(problems).toEqual([
      'extra: there is no such member',
      'base_url: it must be text',
      'business_key: it is no key',
      'admin_key: it must be text',
      'locations[2]: it must be an object',
      'locations[0].location_key: it is no key',
      'locations[0].business_key: it is missing, here and at the top',
      'locations[1].location_key: it is missing',
      'locations[1].business_key: it is missing, here and at the top',
      'locations[3].location_key: it must be text',
      'locations[3].business_key: it is missing, here and at the top',
    ])
    expect(problems.join(' ')).not.toMatch(/secret/)
  })
})

test('every key is known as a secret', () => {
  const reading = readPunchhConfiguration(
    { ...published, admin_key: 'admin-1', locations: [{ location_key: 'loc-2' }] },
    {},
  )
  if (reading.kind === 'refused') throw new Error(reading.problems.join('; '))
  expect(secretsOf(reading.configuration).sort()).toEqual(['admin-1', 'biz-1', 'loc-1', 'loc-2'])
})
