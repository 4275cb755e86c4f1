import { expect, test } from 'vitest'
import { readPunchhConfiguration } from '../../src/punchh/configuration.ts'
import { readToastConfiguration } from '../../src/toast/configuration.ts'

/** The members of the example connector's own file, with values in the forms it gives them. */
const toast = {
  clientId: 'harbor-client',
  clientSecret: 'harbor-secret',
  userAccessType: 'TOAST_MACHINE_CLIENT',
  domain: 'ws-api.toasttab.com',
  initialSyncStart: '2024-01-01T00:00:00.000Z',
  key: Buffer.alloc(32, 7).toString('base64url').concat('='),
}

const punchh = {
  base_url: 'https://harbor.example.com/api',
  location_key: 'harbor-north',
  business_key: 'harbor',
}

test("the configuration file of Toast's example connector is read as it is", () => {
  const read = readToastConfiguration(JSON.parse(JSON.stringify(toast)), {})
  if (read.kind === 'refused') throw new Error(read.problems.join('\n'))
  const { fernet, baseUrl, ...rest } = read.configuration
  expect({ ...rest, baseUrl: baseUrl.href }).toEqual({
    clientId: 'harbor-client',
    clientSecret: 'harbor-secret',
    userAccessType: 'TOAST_MACHINE_CLIENT',
    baseUrl: 'https://ws-api.toasttab.com/',
    initialSyncStart: Date.UTC(2024, 0, 1),
    fields: new Map(),
    historySpacingSeconds: 5,
    busyHours: [],
  })
  expect(fernet?.decrypt(fernet.encrypt('a token'))).toBe('a token')
})

test("the configuration file of Punchh's example connector is read as it is", () => {
  expect(readPunchhConfiguration(JSON.parse(JSON.stringify(punchh)), {})).toEqual({
    kind: 'read',
    configuration: {
      baseUrl: 'https://harbor.example.com/api',
      businesses: [
        {
          label: null,
          businessKey: 'harbor',
          adminKey: null,
          adminKeyMember: null,
          locations: [{ member: 'location_key', locationKey: 'harbor-north' }],
        },
      ],
      fields: new Map(),
    },
  })
})

test.each(Object.keys(toast))(
  'a Toast configuration without %s says so, and only that',
  (member) => {
    const { [member as keyof typeof toast]: _, ...rest } = toast
    const read = readToastConfiguration(rest, {})
    const problems = read.kind === 'refused' ? read.problems : []
    // Without a key the token is not kept between syncs.
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(
      member === 'key' ? [] : [member],
    )
  },
)
