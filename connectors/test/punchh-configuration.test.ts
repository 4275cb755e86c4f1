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
      fields: new Map(),
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

test('a key or a label anywhere may be that of a variable', () => {
  const env = { URL: 'https://x', ONE: ' loc-1 ', TWO: 'loc-2', BIZ: 'biz-1', NAME: 'Harbor' }
  const json = {
    base_url: { env: 'URL' },
    business_key: { env: 'BIZ' },
    business: { env: 'NAME' },
    locations: [{ location_key: { env: 'ONE' } }, { location_key: { env: 'TWO' } }],
    businesses: [{ business_key: { env: 'BIZ' }, admin_key: { env: 'ONE' } }],
  }
  expect(businessesOf(json, env)).toEqual([
    {
      label: 'Harbor',
      businessKey: 'biz-1',
      adminKey: 'loc-1',
      adminKeyMember: 'businesses[0].admin_key',
      locations: [
        { member: 'locations[0]', locationKey: 'loc-1' },
        { member: 'locations[1]', locationKey: 'loc-2' },
      ],
    },
  ])
})

describe('refused is', () => {
  test.each([
    { what: 'no object', json: [], problems: ['The configuration must be a JSON object.'] },
    {
      what: 'nothing',
      json: {},
      problems: [
        'base_url: is missing; set it, or PUNCHH_BASE_URL.',
        'location_key: is missing; set it, or PUNCHH_LOCATION_KEY, or list stores in locations; with an admin_key none is needed.',
        'business_key: is missing; set it, or PUNCHH_BUSINESS_KEY.',
      ],
    },
    {
      what: 'nothing but fields that are wrong',
      json: { fields: { 'guest.nose': 'drop' } },
      problems: [
        'base_url: is missing; set it, or PUNCHH_BASE_URL.',
        'location_key: is missing; set it, or PUNCHH_LOCATION_KEY, or list stores in locations; with an admin_key none is needed.',
        'business_key: is missing; set it, or PUNCHH_BUSINESS_KEY.',
        'fields.guest.nose: there is no such column.',
      ],
    },
    {
      what: 'variables that are not set, and what names none',
      json: {
        base_url: { env: 'NO_URL' },
        business_key: { environment: 'X' },
        locations: [{ location_key: { env: 'NO_KEY' } }, { location_key: { env: 7 } }],
      },
      problems: [
        'base_url: the environment variable NO_URL is not set; set it, or name another.',
        'business_key: must be text, or {"env": "NAME"}.',
        'locations[0].location_key: the environment variable NO_KEY is not set; set it, or name another.',
        'locations[0].business_key: is missing; set it here, or at the top for all.',
        'locations[1].location_key: must be text, or {"env": "NAME"}.',
        'locations[1].business_key: is missing; set it here, or at the top for all.',
      ],
    },
    {
      what: 'an export without a label',
      json: { base_url: 'https://x', admin_key: 'a' },
      problems: [
        'business: is missing; set it, or PUNCHH_BUSINESS: a business without a store needs a label.',
      ],
    },
    {
      what: 'an address alone',
      json: { base_url: 'https://x' },
      problems: [
        'location_key: is missing; set it, or PUNCHH_LOCATION_KEY, or list stores in locations; with an admin_key none is needed.',
        'business_key: is missing; set it, or PUNCHH_BUSINESS_KEY.',
      ],
    },
    {
      what: 'a location without a business',
      json: { base_url: 'https://x', location_key: 'a' },
      problems: ['business_key: is missing; set it, or PUNCHH_BUSINESS_KEY.'],
    },
    {
      what: 'an address that is none',
      json: { ...published, base_url: 'harbor.punchh.com' },
      problems: ['base_url: must be a URL such as https://SERVER_NAME.punchh.com.'],
    },
    {
      what: 'an address of files',
      json: { ...published, base_url: 'file:///etc' },
      problems: ['base_url: must be a URL such as https://SERVER_NAME.punchh.com.'],
    },
    ...['https://me:word@x', 'https://x?', 'https://x/a?b=c', 'https://x/#', 'https://x/#a'].map(
      (base_url) => ({
        what: `an address such as ${base_url}`,
        json: { ...published, base_url },
        problems: ['base_url: must hold a host and a path only.'],
      }),
    ),
    {
      what: 'a member nobody knows',
      json: { ...published, lcoation_key: 'x' },
      problems: ['lcoation_key: there is no such member; remove it, or mend its spelling.'],
    },
    {
      what: 'a placeholder',
      json: { ...published, business_key: '<YOUR_BUSINESS_KEY>' },
      problems: ['business_key: is still the placeholder; put the key in its place.'],
    },
    {
      what: 'no locations',
      json: { base_url: 'https://x', business_key: 'b', locations: [] },
      problems: ['locations: has none; add a store, or leave it out.'],
    },
    {
      what: 'a location twice',
      json: {
        base_url: 'https://x',
        business_key: 'b',
        locations: [{ location_key: 'a' }, { location_key: 'a' }],
      },
      problems: ['locations[1]: has the same location_key as locations[0]; remove one.'],
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
      problems: ['business: Same is the label of two businesses; give each its own.'],
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
      problems: ['locations[1]: the business has two labels, One and Two; keep one.'],
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
          `${member}: the locations are of several businesses; add its business_key, or move it into businesses.`,
      ),
    },
    {
      what: 'a key as a label',
      json: { ...published, business: 'biz-1' },
      problems: ['business: must not be a key; it is written in every row.'],
    },
    {
      what: 'fields as a list',
      json: { ...published, fields: [] },
      problems: ['fields: must be an object from table.column to keep, hash or drop.'],
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
      'extra: there is no such member; remove it, or mend its spelling.',
      'base_url: must be text, or {"env": "NAME"}.',
      'business_key: is no key; copy it again, without blanks and quotes.',
      'admin_key: must be text, or {"env": "NAME"}.',
      'locations[2]: must be an object.',
      'locations[0].location_key: is no key; copy it again, without blanks and quotes.',
      'locations[0].business_key: is missing; set it here, or at the top for all.',
      'locations[1].location_key: is missing; set it, as text or as {"env": "NAME"}.',
      'locations[1].business_key: is missing; set it here, or at the top for all.',
      'locations[3].location_key: must be text, or {"env": "NAME"}.',
      'locations[3].business_key: is missing; set it here, or at the top for all.',
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
