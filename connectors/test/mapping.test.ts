import { expect, test } from 'vitest'
import { as, columnName, given, guidNamed, money, text } from '../src/mapping/columns.ts'
import { compileShape, levelsMax } from '../src/mapping/compile-shape.ts'
import { type RecordShape, type Shape, tablesOf } from '../src/mapping/shape.ts'
import { Unstorable } from '../src/mapping/unstorable.ts'

// A source of no vendor: things with parts, parts in parts, tags and links.

const location = given('place', 'text', { given: 'location' })
const ordinal = given('ordinal', 'integer', { given: 'ordinal' })

const part: Shape = {
  table: 'part',
  source: 'parts[]',
  key: ['place', 'id'],
  identity: 'generated',
  columns: {
    ...location,
    ...text('guid'),
    ...given('thing_id', 'text', { idOf: 'thing' }),
    ...given('parent_id', 'text', { given: 'parentId' }),
    ...given('depth', 'integer', { given: 'depth' }),
    ...ordinal,
    ...money('price'),
  },
  parts: [{ from: 'parts', as: 'list', shape: () => part }],
}

const tag: Shape = {
  table: 'tag',
  source: 'tags[]',
  key: ['place', 'thing_id', 'tag'],
  identity: 'none',
  columns: {
    ...location,
    ...given('thing_id', 'text', { given: 'parentId' }),
    ...as('tag', 'text', 'value'),
  },
}

const copy: Shape = {
  table: 'copy',
  source: 'the same',
  key: ['place', 'id', 'seen_at'],
  identity: 'none',
  columns: {
    ...location,
    ...given('seen_at', 'timestamp', { given: 'fetchedAt' }),
    ...text('guid'),
  },
}

const thing: RecordShape = {
  table: 'thing',
  source: 'things',
  key: ['place', 'id'],
  identity: 'required',
  versionFrom: 'modifiedDate',
  columns: {
    ...location,
    ...text('guid', 'name'),
    ...money('price', 'box.net'),
    ...guidNamed('owner_id', 'owner'),
    ...text('device.maker.name'),
  },
  parts: [
    { from: 'parts', as: 'list', shape: () => part },
    { from: 'box.tags', as: 'values', shape: () => tag, isSet: true },
    { as: 'self', shape: () => copy },
  ],
  dropped: ['kind'],
  quiet: ['rare'],
}

const map = compileShape(thing)
const at = { location: 'L', fetchedAt: '2026-11-20T21:00:00.000Z' }
const row = { place: 'L', id: 't' }
const copied = { place: 'L', id: 't', seen_at: at.fetchedAt }

function mapped(payload: unknown) {
  const unknown: string[] = []
  const {
    rows,
    hash: _,
    ...unit
  } = map(payload, at, (table, member) => {
    unknown.push(`${table}.${member}`)
  })
  return { ...unit, rows: Object.fromEntries(rows), unknown }
}

const bare = { table: 'thing', location: 'L', id: 't', version: at.fetchedAt, deletedAt: null }

const cases = [
  {
    name: 'a record with nothing but its id is one row',
    payload: { guid: 't', name: null, parts: null, box: null, owner: null },
    expected: { ...bare, rows: { thing: [row], copy: [copied] }, unknown: [] },
  },
  {
    name: 'its own instant is its version',
    payload: { guid: 't', modifiedDate: '2026-11-01T00:00:00.000+0000' },
    expected: {
      ...bare,
      version: '2026-11-01T00:00:00.000Z',
      rows: {
        thing: [{ ...row, _extra: '{"modifiedDate":"2026-11-01T00:00:00.000+0000"}' }],
        copy: [copied],
      },
      unknown: ['thing.modifiedDate'],
    },
  },
  {
    name: 'parts at every depth know their parent, their depth and their place',
    payload: {
      guid: 't',
      parts: [{ guid: 'a', parts: [{ guid: 'b' }, null, { parts: [{ guid: 'c' }] }] }],
    },
    expected: {
      ...bare,
      rows: {
        thing: [row],
        part: [
          { place: 'L', id: 'a', thing_id: 't', parent_id: 't', depth: 1, ordinal: 0 },
          { place: 'L', id: 'b', thing_id: 't', parent_id: 'a', depth: 2, ordinal: 0 },
          { place: 'L', id: 'gen-a-2', thing_id: 't', parent_id: 'a', depth: 2, ordinal: 2 },
          { place: 'L', id: 'c', thing_id: 't', parent_id: 'gen-a-2', depth: 3, ordinal: 0 },
        ],
        copy: [copied],
      },
      unknown: [],
    },
  },
  {
    name: 'a part whose id is taken gets one of its own',
    payload: { guid: 't', parts: [{ guid: 'a' }, { guid: 'a' }, { guid: 'gen-t-1' }] },
    expected: {
      ...bare,
      rows: {
        thing: [row],
        part: [
          { place: 'L', id: 'a', thing_id: 't', parent_id: 't', depth: 1, ordinal: 0 },
          { place: 'L', id: 'gen-t-1', thing_id: 't', parent_id: 't', depth: 1, ordinal: 1 },
          { place: 'L', id: 'gen-t-2', thing_id: 't', parent_id: 't', depth: 1, ordinal: 2 },
        ],
        copy: [copied],
      },
      unknown: [],
    },
  },
  {
    name: 'a part that is deleted takes the parts below it along',
    payload: {
      guid: 't',
      parts: [
        {
          guid: 'a',
          deleted: true,
          deletedDate: '2026-11-02T00:00:00.000+0000',
          parts: [{ guid: 'b', deleted: false }],
        },
        { guid: 'c', deleted: true, deletedDate: '1970-01-01T00:00:00.000+0000' },
      ],
    },
    expected: {
      ...bare,
      rows: {
        thing: [row],
        part: [
          {
            place: 'L',
            id: 'a',
            thing_id: 't',
            parent_id: 't',
            depth: 1,
            ordinal: 0,
            _extra: '{"deleted":true,"deletedDate":"2026-11-02T00:00:00.000+0000"}',
            _deleted_at: '2026-11-02T00:00:00.000Z',
          },
          {
            place: 'L',
            id: 'b',
            thing_id: 't',
            parent_id: 'a',
            depth: 2,
            ordinal: 0,
            _extra: '{"deleted":false}',
            _deleted_at: '2026-11-02T00:00:00.000Z',
          },
          {
            place: 'L',
            id: 'c',
            thing_id: 't',
            parent_id: 't',
            depth: 1,
            ordinal: 1,
            _extra: '{"deleted":true,"deletedDate":"1970-01-01T00:00:00.000+0000"}',
            _deleted_at: at.fetchedAt,
          },
        ],
        copy: [copied],
      },
      unknown: ['part.deleted', 'part.deletedDate'],
    },
  },
  {
    name: 'values are a set, whatever their kind',
    payload: { guid: 't', box: { tags: ['x', 1, '1', 'x', null] } },
    expected: {
      ...bare,
      rows: {
        thing: [row],
        tag: [
          { place: 'L', thing_id: 't', tag: 'x' },
          { place: 'L', thing_id: 't', tag: '1' },
        ],
        copy: [copied],
      },
      unknown: [],
    },
  },
  {
    name: 'a reference may be an object or its guid alone',
    payload: { guid: 't', owner: 'o-1' },
    expected: {
      ...bare,
      rows: { thing: [{ ...row, owner_id: 'o-1' }], copy: [copied] },
      unknown: [],
    },
  },
  {
    name: 'unknown members of every level are kept under their path, and known ones that are empty are not',
    payload: {
      guid: 't',
      kind: 'dropped',
      rare: null,
      new: { a: 1 },
      device: { maker: { name: 'm', kind: 'dropped', rare: 'r', year: 2020 }, size: null },
    },
    expected: {
      ...bare,
      rows: {
        thing: [
          {
            ...row,
            device_maker_name: 'm',
            _extra:
              '{"new":{"a":1},"device.maker.rare":"r","device.maker.year":2020,"device.size":null}',
          },
        ],
        copy: [copied],
      },
      unknown: ['thing.new', 'thing.device.maker.year', 'thing.device.size'],
    },
  },
  {
    name: 'a value that is not of its type leaves its column null, and the rest is read',
    payload: {
      guid: 't',
      name: ['n'],
      price: 'secret',
      box: { net: {}, tags: ['x'] },
      owner: ['o'],
      device: { maker: 'm' },
      parts: [{ guid: 'a', price: true, parts: [{ guid: 'b', price: 2 }] }],
    },
    expected: {
      ...bare,
      rows: {
        thing: [
          {
            ...row,
            _extra: '{"name":["n"],"price":"secret","box.net":{},"owner":["o"],"device.maker":"m"}',
          },
        ],
        tag: [{ place: 'L', thing_id: 't', tag: 'x' }],
        part: [
          {
            place: 'L',
            id: 'a',
            thing_id: 't',
            parent_id: 't',
            depth: 1,
            ordinal: 0,
            _extra: '{"price":true}',
          },
          { place: 'L', id: 'b', thing_id: 't', parent_id: 'a', depth: 2, ordinal: 0, price: '2' },
        ],
        copy: [copied],
      },
      unknown: [
        'thing.name',
        'thing.price',
        'thing.box.net',
        'thing.owner',
        'thing.device.maker',
        'part.price',
      ],
    },
  },
  {
    name: 'something else where an object of columns should be is kept whole',
    payload: { guid: 't', device: 'd-7' },
    expected: {
      ...bare,
      rows: { thing: [{ ...row, _extra: '{"device":"d-7"}' }], copy: [copied] },
      unknown: ['thing.device'],
    },
  },
  {
    name: 'what was rounded off is kept as it was sent',
    payload: { guid: 't', price: '1.00005' },
    expected: {
      ...bare,
      rows: { thing: [{ ...row, price: '1', _extra: '{"price":"1.00005"}' }], copy: [copied] },
      unknown: [],
    },
  },
  {
    name: 'a record that is deleted says since when',
    payload: { guid: 't', deleted: true, deletedDate: '2026-11-02T00:00:00.000+0000' },
    expected: {
      ...bare,
      deletedAt: '2026-11-02T00:00:00.000Z',
      rows: {
        thing: [
          { ...row, _extra: '{"deleted":true,"deletedDate":"2026-11-02T00:00:00.000+0000"}' },
        ],
        copy: [copied],
      },
      unknown: ['thing.deleted', 'thing.deletedDate'],
    },
  },
]

for (const { name, payload, expected } of cases) {
  test(name, () => {
    expect(mapped(payload)).toEqual(expected)
  })
}

const refused = [
  { name: 'no object', payload: [], reason: 'thing is a list, no object' },
  { name: 'nothing', payload: undefined, reason: 'thing is nothing, no object' },
  { name: 'no id', payload: { name: 'n' }, reason: 'thing.id is missing' },
  { name: 'an empty id', payload: { guid: '' }, reason: 'thing.id is missing' },
  {
    name: 'an id that is a list',
    payload: { guid: [] },
    reason: 'thing.id cannot be read from a list',
  },
  {
    name: 'a version that is no instant',
    payload: { guid: 't', modifiedDate: 'secret' },
    reason: 'thing.modifiedDate cannot be read from text',
  },
  {
    name: 'a version of another type',
    payload: { guid: 't', modifiedDate: 20261101 },
    reason: 'thing.modifiedDate cannot be read from a number',
  },
  {
    name: 'a list where an object with rows of its own should be',
    payload: { guid: 't', box: [] },
    reason: 'thing.box cannot be read from a list',
  },
  {
    name: 'an object where a list should be',
    payload: { guid: 't', parts: {} },
    reason: 'thing.parts is an object, no list',
  },
  {
    name: 'text in a list of objects',
    payload: { guid: 't', parts: ['secret'] },
    reason: 'thing.parts holds text, no object',
  },
  {
    name: 'an object in a list of values',
    payload: { guid: 't', box: { tags: [{}] } },
    reason: 'tag.tag cannot be read from an object',
  },
  {
    name: 'text for the parts of a part',
    payload: { guid: 't', parts: [{ guid: 'a', parts: 'secret' }] },
    reason: 'part.parts is text, no list',
  },
  {
    name: 'a nesting without end',
    payload: nested(levelsMax),
    reason: `part is nested deeper than ${levelsMax} levels`,
  },
  {
    name: 'a nesting no stack holds',
    payload: nested(100_000),
    reason: `part is nested deeper than ${levelsMax} levels`,
  },
  {
    name: 'an unknown member no stack holds',
    payload: { guid: 't', new: deepList(100_000) },
    reason: 'thing is nested too deeply, or too large',
  },
]

for (const { name, payload, reason } of refused) {
  test(`${name} is unstorable, and the reason shows no value`, () => {
    expect(() => mapped(payload)).toThrow(new Unstorable(reason))
  })
}

function nested(levels: number): object {
  let parts: object[] = []
  for (let level = 0; level < levels; level += 1) parts = [{ guid: `p${level}`, parts }]
  return { guid: 't', parts }
}

function deepList(levels: number): unknown[] {
  let list: unknown[] = []
  for (let level = 0; level < levels; level += 1) list = [list]
  return list
}

test('as many levels as are allowed all arrive', () => {
  expect(mapped(nested(levelsMax - 1)).rows.part).toHaveLength(levelsMax - 1)
})

test('a member that no column takes is reported once to each who asks', () => {
  const heard: string[] = []
  const hear = (table: string, member: string) => void heard.push(`${table}.${member}`)
  for (const guid of ['a', 'b']) map({ guid, new: 1, price: {}, parts: [{ new: 1 }] }, at, hear)
  expect(heard).toEqual(['thing.new', 'thing.price', 'part.new'])
  expect(mapped({ guid: 'c', new: 1 }).unknown).toEqual(['thing.new'])
})

test('neither a member named like the path of what was rounded nor one named __proto__ is lost', () => {
  const { rows } = mapped(
    JSON.parse('{"guid":"t","box.net":5,"box":{"net":1.00001},"__proto__":{"a":1}}'),
  )
  expect(rows.thing).toEqual([
    { ...row, box_net: '1', _extra: '{"box.net":5,"box.net#":1.00001,"__proto__":{"a":1}}' },
  ])
})

test('the payload is left as it was', () => {
  const payload = Object.freeze({ guid: 't', parts: Object.freeze([Object.freeze({ guid: 'a' })]) })
  mapped(payload)
  expect(payload).toEqual({ guid: 't', parts: [{ guid: 'a' }] })
})

test('the tables of a record are its own and those of its parts', () => {
  expect(tablesOf(thing).map(({ name, key, root }) => ({ name, key, root }))).toEqual([
    { name: 'thing', key: ['place', 'id'], root: null },
    { name: 'part', key: ['place', 'id'], root: 'thing' },
    { name: 'tag', key: ['place', 'thing_id', 'tag'], root: 'thing' },
    { name: 'copy', key: ['place', 'id', 'seen_at'], root: 'thing' },
  ])
})

test('a table that two shapes declare differently is a mistake', () => {
  const other: Shape = { ...tag, columns: { ...tag.columns, ...text('more') } }
  const parts = [
    ...(thing.parts ?? []),
    { from: 'others', as: 'list', shape: () => other } as const,
  ]
  expect(() => tablesOf({ ...thing, parts })).toThrow('The table tag is declared in two ways.')
})

const names = [
  ['guid', 'id'],
  ['server.guid', 'server_id'],
  ['last4Digits', 'last_4_digits'],
  ['employee1.externalId', 'employee_1_external_id'],
  ['v2EmployeeGuid', 'v_2_employee_guid'],
  ['lastModifiedDevice.id', 'last_modified_device_id'],
  ['location.address1', 'location_address_1'],
  ['onlineOrdering.paymentOptions.ccTip', 'online_ordering_payment_options_cc_tip'],
] as const

for (const [path, name] of names) {
  test(`${path} is read into ${name}`, () => {
    expect(columnName(path)).toBe(name)
  })
}
