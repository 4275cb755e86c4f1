import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readToastConfiguration } from '../../src/toast/configuration.ts'

const fernetKey = 'cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4='

/** The members of the example connector's configuration file, as published. */
const published = {
  clientId: 'an-id',
  clientSecret: 'a-secret',
  userAccessType: 'TOAST_MACHINE_CLIENT',
  domain: 'ws-api.toasttab.com',
  initialSyncStart: '2024-01-01T00:00:00.000Z',
  key: fernetKey,
}

function problemsOf(content: unknown, environment: Record<string, string> = {}) {
  const read = readToastConfiguration(content, environment)
  return read.kind === 'refused' ? read.problems : []
}

function configurationOf(content: unknown, environment: Record<string, string> = {}) {
  const read = readToastConfiguration(content, environment)
  if (read.kind === 'refused') throw new Error(read.problems.join('\n'))
  return read.configuration
}

describe('a configuration', () => {
  test('with the published members is taken as it is', () => {
    const { fernet, baseUrl, fields, ...rest } = configurationOf(published)
    expect(rest).toEqual({
      clientId: 'an-id',
      clientSecret: 'a-secret',
      userAccessType: 'TOAST_MACHINE_CLIENT',
      initialSyncStart: Date.UTC(2024, 0, 1),
      historySpacingSeconds: 5,
      busyHours: [],
    })
    expect(baseUrl.href).toBe('https://ws-api.toasttab.com/')
    expect(fields.size).toBe(0)
    expect(fernet?.decrypt(fernet.encrypt('kept'))).toBe('kept')
  })

  test('may be all environment', () => {
    const environment = {
      TOAST_CLIENT_ID: 'an-id',
      TOAST_CLIENT_SECRET: 'a-secret',
      TOAST_USER_ACCESS_TYPE: 'TOAST_MACHINE_CLIENT',
      TOAST_DOMAIN: 'ws-api.toasttab.com',
      TOAST_INITIAL_SYNC_START: '2024-01-01T00:00:00.000Z',
      TOAST_KEY: fernetKey,
    }
    const { fernet, ...fromEnvironment } = configurationOf({}, environment)
    const { fernet: other, ...fromFile } = configurationOf(published)
    expect(fromEnvironment).toEqual(fromFile)
    expect(other?.decrypt(fernet?.encrypt('kept') ?? '')).toBe('kept')
  })

  for (const empty of [undefined, null, '', ' ']) {
    test(`takes from the environment what it leaves ${JSON.stringify(empty)}, and nothing else`, () => {
      const environment = { TOAST_CLIENT_ID: 'other-id', TOAST_CLIENT_SECRET: 'other-secret' }
      const read = configurationOf({ ...published, clientSecret: empty }, environment)
      expect(read.clientId).toBe('an-id')
      expect(read.clientSecret).toBe('other-secret')
    })
  }

  test('that is empty is told everything it lacks at once', () => {
    expect(problemsOf({})).toEqual([
      'clientId: is missing; set it, or TOAST_CLIENT_ID.',
      'clientSecret: is missing; set it, or TOAST_CLIENT_SECRET.',
      'userAccessType: is missing; set it, or TOAST_USER_ACCESS_TYPE.',
      'domain: is missing; set it, or TOAST_DOMAIN.',
      'initialSyncStart: is missing; set it, or TOAST_INITIAL_SYNC_START.',
    ])
  })

  test('that is wrong everywhere is told so at once, by member', () => {
    const wrong = {
      clientId: 7,
      clientSecret: ['s3cret'],
      userAccessType: {},
      domain: 'ftp://example.com',
      initialSyncStart: '2024-01-01',
      key: 's3cret',
      fields: { 'employee.phone_number': 'hide', nonsense: 'drop' },
      historySpacingSeconds: 61,
      busyHours: ['11-14'],
      clientID: 's3cret',
      toString: 's3cret',
    }
    const problems = problemsOf(wrong)
    expect(problems.map((problem) => problem.split(': ')[0])).toEqual([
      'clientID',
      'toString',
      'clientId',
      'clientSecret',
      'userAccessType',
      'domain',
      'initialSyncStart',
      'key',
      'fields.employee.phone_number',
      'fields.nonsense',
      'historySpacingSeconds',
      'busyHours',
    ])
    expect(problems.join()).not.toContain('s3cret')
  })

  for (const content of [null, [], 'text', 7]) {
    test(`that is ${JSON.stringify(content)} is refused`, () => {
      expect(problemsOf(content)).toEqual(['The configuration must be a JSON object.'])
    })
  }

  test('never has a value of its own repeated in a problem', () => {
    const member = fc.constantFrom(...Object.keys(published), 'fields', 'busyHours', 'other')
    const secret = fc.string({ minLength: 3 }).map((text) => `s3cret${text}`)
    const value = fc.oneof(secret, fc.array(secret), fc.record({ inside: secret }))
    fc.assert(
      fc.property(fc.dictionary(member, value), (content) => {
        expect(problemsOf(content).join()).not.toContain('s3cret')
      }),
    )
  })
})

describe('a domain', () => {
  const taken: [domain: string, href: string][] = [
    ['api.toasttab.com', 'https://api.toasttab.com/'],
    [' ws-api.toasttab.com ', 'https://ws-api.toasttab.com/'],
    ['ws-api.toasttab.com/', 'https://ws-api.toasttab.com/'],
    ['https://ws-api.toasttab.com', 'https://ws-api.toasttab.com/'],
    ['http://127.0.0.1:4500', 'http://127.0.0.1:4500/'],
    ['localhost:4500', 'https://localhost:4500/'],
    ['https://gateway.example.com/toast//', 'https://gateway.example.com/toast'],
    ['gateway.example.com/toast', 'https://gateway.example.com/toast'],
  ]
  for (const [domain, href] of taken) {
    test(`${domain} is ${href}`, () => {
      expect(configurationOf({ ...published, domain }).baseUrl.href).toBe(href)
    })
  }

  const refused: [domain: string, problem: string][] = [
    ['ftp://example.com', 'must be a host such as ws-api.toasttab.com, or a base URL.'],
    ['https://', 'must be a host such as ws-api.toasttab.com, or a base URL.'],
    ['two words', 'must be a host such as ws-api.toasttab.com, or a base URL.'],
    ['https://user:s3cret@example.com', 'must hold a host and a path only.'],
    ['https://example.com?key=s3cret', 'must hold a host and a path only.'],
    ['https://example.com#part', 'must hold a host and a path only.'],
  ]
  for (const [domain, problem] of refused) {
    test(`${domain} is refused`, () => {
      expect(problemsOf({ ...published, domain })).toEqual([`domain: ${problem}`])
    })
  }
})

describe('initialSyncStart', () => {
  const taken: [text: string, at: string][] = [
    ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00.000Z'],
    ['2024-01-01T00:00Z', '2024-01-01T00:00:00.000Z'],
    ['2024-01-01T00:00:00.000+0000', '2024-01-01T00:00:00.000Z'],
    ['2024-01-01T00:00:00.123456-05:00', '2024-01-01T05:00:00.123Z'],
    // Toast keeps nothing older.
    ['2001-01-01T00:00:00Z', '2015-12-01T00:00:00.000Z'],
  ]
  for (const [text, at] of taken) {
    test(`${text} is ${at}`, () => {
      const { initialSyncStart } = configurationOf({ ...published, initialSyncStart: text })
      expect(new Date(initialSyncStart).toISOString()).toBe(at)
    })
  }

  for (const text of ['2024-01-01', '2024-01-01T00:00:00', 'soon', '2024-02-30T00:00:00Z', '0']) {
    test(`${text} is refused`, () => {
      expect(problemsOf({ ...published, initialSyncStart: text })).toEqual([
        'initialSyncStart: must be an instant with its offset, such as 2024-01-01T00:00:00Z.',
      ])
    })
  }
})

describe('key', () => {
  const other = Buffer.alloc(32, 7).toString('base64url')
  for (const key of [[other, fernetKey], `${other},${fernetKey}`, `${other}, ${fernetKey}`]) {
    test(`${JSON.stringify(key)} encrypts with the first and decrypts with all`, () => {
      const { fernet } = configurationOf({ ...published, key })
      const before = configurationOf(published).fernet
      expect(fernet?.decrypt(before?.encrypt('kept') ?? '')).toBe('kept')
      expect(before?.decrypt(fernet?.encrypt('kept') ?? '')).toBeNull()
    })
  }

  for (const key of [undefined, null, '']) {
    test(`may be left out as ${JSON.stringify(key)}`, () => {
      expect(configurationOf({ ...published, key }).fernet).toBeNull()
    })
  }

  for (const key of ['short', [], [fernetKey, 7], 7, { key: fernetKey }]) {
    test(`${JSON.stringify(key)} is refused`, () => {
      expect(problemsOf({ ...published, key })).toEqual([
        'key: must be a Fernet key (32 bytes in URL-safe base64), or a list of them.',
      ])
    })
  }
})

describe('the rest of a configuration', () => {
  test('is columns to leave out, the spacing of history and the busy hours', () => {
    const { fields, historySpacingSeconds, busyHours } = configurationOf({
      ...published,
      fields: { 'employee.phone_number': 'hash', 'employee.email': 'drop', 'job.title': 'keep' },
      historySpacingSeconds: 0,
      busyHours: ['11:00-14:00', '22:30-01:15'],
    })
    expect(Object.fromEntries(fields)).toEqual({
      'employee.phone_number': 'hash',
      'employee.email': 'drop',
      'job.title': 'keep',
    })
    expect(historySpacingSeconds).toBe(0)
    expect(busyHours).toEqual([
      { from: 660, before: 840 },
      { from: 1350, before: 75 },
    ])
  })

  for (const historySpacingSeconds of [-1, 60.5, '', null, true, [], 'often']) {
    test(`refuses a spacing of ${JSON.stringify(historySpacingSeconds)}`, () => {
      expect(problemsOf({ ...published, historySpacingSeconds })).toEqual([
        'historySpacingSeconds: must be a number of seconds from 0 to 60.',
      ])
    })
  }

  for (const busyHours of [['24:00-01:00'], ['11:00'], [7], ['11:00-14:60']]) {
    test(`refuses busy hours of ${JSON.stringify(busyHours)}`, () => {
      expect(problemsOf({ ...published, busyHours })).toEqual([
        'busyHours: each must be two times such as 11:00-14:00, local to the restaurant.',
      ])
    })
  }
})
