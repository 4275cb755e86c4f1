import { hash } from 'node:crypto'
import type { Unit } from '../destination.ts'
import type { Value } from '../table.ts'
import {
  type Frame,
  isMembers,
  type MutableRow,
  type OnUnknown,
  type Place,
  type ReadAt,
  type Walk,
} from './frame.ts'
import { type Identify, identifyBy } from './identify.ts'
import { keep, keepUnlessNothing, keepUntaken } from './keep-extra.ts'
import { readInstant } from './read-instant.ts'
import { jsonOf, type Reader, readers } from './read-value.ts'
import type { Column, Columns, Given, MemberPart, Members, RecordShape, Shape } from './shape.ts'
import { kindOf, Unstorable, unreadable } from './unstorable.ts'

/** One record to all its rows. Throws `Unstorable`, and nothing else whatever the payload is. */
export type MapRecord = (payload: unknown, at: ReadAt, onUnknown: OnUnknown) => Unit

/** Rows below rows beyond this are refused: it bounds the stack. */
export const levelsMax = 200

/**
 * Compiles a shape, once, into the function that maps its records. What no column takes is kept in
 * `_extra` under its path and reported: members nobody declared, and values that are not of their
 * column's type, which is null then. What was sent where decimals are rounded off is kept, too.
 *
 * Unstorable is what has no id, has no version it could be told by, or is not built as declared: a
 * list that is none, or something else where an object with rows of its own belongs.
 */
export function compileShape(shape: RecordShape): MapRecord {
  const plan = planOf(shape, new Map())
  return (payload, at, onUnknown) => {
    try {
      return unitOf(shape, plan, { payload, at, onUnknown })
    } catch (error) {
      // The RangeErrors a payload can cause: JSON.stringify out of stack, a text out of length.
      if (!(error instanceof RangeError)) throw error
      throw new Unstorable(`${shape.table} is nested too deeply, or too large`)
    }
  }
}

type Handed = { payload: unknown; at: ReadAt; onUnknown: OnUnknown }

function unitOf(shape: RecordShape, plan: Plan, { payload, at, onUnknown }: Handed): Unit {
  if (!isMembers(payload)) throw new Unstorable(`${shape.table} is ${kindOf(payload)}, no object`)
  const version = versionOf(shape, payload) ?? at.fetchedAt
  const walk: Walk = { at, version, rows: new Map(), taken: new Map(), onUnknown }
  const members = shape.prepare?.(payload) ?? payload
  const root = addRow(plan, { members, ordinal: 0, parent: null, walk })
  const isDeleted = readers.boolean(payload.deleted) === true
  return {
    table: shape.table,
    location: at.location,
    id: root.id,
    version,
    hash: hash('md5', `${JSON.stringify(payload)}${dateAsked(shape, at)}`, 'hex'),
    deletedAt: isDeleted ? (instantOf('deletedDate', payload) ?? version) : null,
    rows: walk.rows,
  }
}

/** A business date that is content changes the hash as a member would. */
function dateAsked(shape: Shape, { businessDate }: ReadAt): string {
  const isContent = Object.values(shape.columns).some(({ otherwise }) => {
    return otherwise !== undefined && 'given' in otherwise && otherwise.given === 'businessDate'
  })
  return isContent ? ` ${businessDate}` : ''
}

/** Null where none was sent. What is no instant is refused: it tells which content is newer. */
function versionOf({ table, versionFrom }: RecordShape, members: Members): string | null {
  if (versionFrom === undefined) return null
  const value = members[versionFrom]
  if (value === null || value === undefined) return null
  if (readers.timestamp(value) === undefined) throw unreadable(table, versionFrom, value)
  return instantOf(versionFrom, members)
}

/** Null where the member holds none. */
function instantOf(member: string, members: Members): string | null {
  const value = members[member]
  return typeof value === 'string' ? (readInstant(value) ?? null) : null
}

function addRow(plan: Plan, place: Place): Frame {
  const frame = startRow(plan, place)
  readMembers(plan.handlers, { members: place.members, frame, prefix: '' })
  for (const part of plan.selves) addSelf(part, { ...place, parent: frame })
  endRow(frame)
  return frame
}

/**
 * The first row from the object has reported what nobody declared, and whether it is deleted is for
 * that row to say.
 */
function addSelf(plan: Plan, place: Place & { parent: Frame }): void {
  const frame = { ...startRow(plan, place), deletedAt: place.parent.deletedAt }
  for (const [name, handle] of plan.handlers) handle(place.members[name], frame)
  endRow(frame)
}

function startRow(plan: Plan, place: Place): Frame {
  const frame = frameOf(plan, place)
  const { rows } = place.walk
  const known = rows.get(plan.table)
  if (known === undefined) rows.set(plan.table, [frame.row])
  else known.push(frame.row)
  for (const fill of plan.givens) fill(frame)
  return frame
}

function endRow({ row, extra, deletedAt }: Frame): void {
  if (extra !== null) row._extra = jsonOf(extra)
  if (deletedAt !== null) row._deleted_at = deletedAt
}

function frameOf(plan: Plan, { members, ordinal, parent, walk }: Place): Frame {
  const level = parent === null ? 1 : parent.level + 1
  if (level > levelsMax) {
    throw new Unstorable(`${plan.table} is nested deeper than ${levelsMax} levels`)
  }
  const { id, path } = plan.identify({ members, ordinal, parent, walk })
  const isOfSameTable = parent !== null && parent.table === plan.table
  const row: MutableRow = {}
  return {
    table: plan.table,
    walk,
    row,
    parent,
    level,
    id,
    path,
    ordinal,
    depth: isOfSameTable ? parent.depth + 1 : 1,
    deletedAt: parent === null ? null : deletedAtOf(members, parent),
    extra: null,
  }
}

/** A part that says it is deleted, or that is below one. */
function deletedAtOf(members: Members, { walk, deletedAt }: Frame): string | null {
  if (members.deleted === undefined || readers.boolean(members.deleted) !== true) return deletedAt
  return instantOf('deletedDate', members) ?? walk.version
}

// Plans: what a shape comes to once its paths are split.

type Handler = (value: unknown, frame: Frame) => void

type Plan = {
  readonly table: string
  readonly identify: Identify
  readonly givens: ((frame: Frame) => void)[]
  readonly handlers: Map<string, Handler>
  readonly selves: Plan[]
}

type Plans = Map<Shape, Plan>

function planOf(shape: Shape, plans: Plans): Plan {
  const known = plans.get(shape)
  if (known !== undefined) return known
  const plan: Plan = {
    table: shape.table,
    identify: identifyBy(shape),
    givens: givensOf(shape),
    handlers: new Map(),
    selves: [],
  }
  // Known before its parts are compiled: one of them may be this shape again.
  plans.set(shape, plan)
  for (const [name, handler] of handlersOf(shape, levelOf(shape), { prefix: '', plans })) {
    plan.handlers.set(name, handler)
  }
  for (const part of shape.parts ?? []) {
    if (part.as === 'self') plan.selves.push(planOf(part.shape(), plans))
  }
  return plan
}

// Columns that are not read from the object.

function givensOf({ table, columns, identity }: Shape): ((frame: Frame) => void)[] {
  return Object.entries(columns).flatMap(([name, { type, otherwise }]) => {
    if (name === 'id' && identity !== 'none') {
      return [(frame: Frame) => setTo(frame.row, name, frame.id)]
    }
    if (otherwise === undefined) return []
    const given = givenValue(otherwise)
    if (type === 'text' || type === 'integer') {
      return [(frame: Frame) => setTo(frame.row, name, given(frame))]
    }
    return [(frame: Frame) => setTo(frame.row, name, asGiven({ table, name, type }, given(frame)))]
  })
}

function setTo(row: MutableRow, name: string, value: Value): void {
  if (value !== null) row[name] = value
}

/** What we give ourselves fits its column to the letter, or the shape is a mistake. */
function asGiven(
  { table, name, type }: { table: string; name: string; type: Column['type'] },
  value: Value,
): Value {
  const stored = value === null ? null : readers[type](value)
  if (stored === undefined || (stored !== null && typeof stored === 'object')) {
    throw unreadable(table, name, value)
  }
  return stored
}

function givenValue(source: Given): (frame: Frame) => Value {
  if ('constant' in source) return () => source.constant
  if ('idOf' in source) return (frame) => idAbove(frame, source.idOf)
  return givenValues[source.given]
}

const givenValues: Readonly<
  Record<Extract<Given, { given: string }>['given'], (frame: Frame) => Value>
> = {
  location: ({ walk }) => walk.at.location,
  fetchedAt: ({ walk }) => walk.at.fetchedAt,
  businessDate: ({ walk }) => walk.at.businessDate ?? null,
  ordinal: ({ ordinal }) => ordinal,
  depth: ({ depth }) => depth,
  path: ({ path }) => path,
  parentId: ({ parent }) => parent?.id ?? null,
  parentPath: ({ parent }) => parent?.path ?? null,
  parentOrdinal: ({ parent }) => parent?.ordinal ?? null,
}

function idAbove({ parent }: Frame, table: string): string | null {
  let above = parent
  while (above !== null && above.table !== table) above = above.parent
  return above?.id ?? null
}

// The members of an object, as a tree of what reads them.

type Level = {
  readonly columns: [string, Column][]
  readonly parts: MemberPart[]
  readonly members: Map<string, Level>
}

function levelOf({ columns, parts }: Shape): Level {
  const top: Level = { columns: [], parts: [], members: new Map() }
  for (const [name, column] of Object.entries(columns)) {
    if (column.from !== undefined) levelAt(top, column.from).columns.push([name, column])
  }
  for (const part of parts ?? []) {
    if (part.as !== 'self') levelAt(top, part.from).parts.push(part)
  }
  return top
}

function levelAt(top: Level, path: string): Level {
  let level = top
  for (const member of path.split('.')) {
    const below: Level = level.members.get(member) ?? { columns: [], parts: [], members: new Map() }
    level.members.set(member, below)
    level = below
  }
  return level
}

type Within = { prefix: string; plans: Plans }

function handlersOf(shape: Shape, level: Level, within: Within): Map<string, Handler> {
  const handlers = new Map<string, Handler>()
  for (const name of shape.dropped ?? []) handlers.set(name, doNothing)
  for (const name of shape.quiet ?? []) {
    handlers.set(name, (value, frame) => keepUnlessNothing(frame, within.prefix + name, value))
  }
  for (const [name, below] of level.members) {
    handlers.set(name, handlerOf(shape, below, { ...within, prefix: within.prefix + name }))
  }
  return handlers
}

function doNothing(): void {}

function handlerOf(shape: Shape, level: Level, { prefix, plans }: Within): Handler {
  const handlers = [
    ...level.columns.map(([name, column]) => ownColumn(shape, name, column)),
    ...level.parts.map((part) => partHandler(shape.table, part, plans)),
  ]
  if (level.members.size > 0) handlers.push(objectHandler(shape, level, { prefix, plans }))
  const [only] = handlers
  if (handlers.length === 1 && only !== undefined) return only
  return (value, frame) => {
    for (const handle of handlers) handle(value, frame)
  }
}

function ownColumn(shape: Shape, name: string, column: Column): Handler {
  // The row has its id before it reads anything else.
  if (name === 'id' && shape.identity !== 'none') return doNothing
  return columnHandler(shape, name, column)
}

function columnHandler({ table, key }: Shape, name: string, { type, from }: Column): Handler {
  const read: Reader = readers[type]
  const path = from ?? name
  const isKey = key.includes(name)
  return (value, frame) => {
    if (value === null || value === undefined) return
    const stored = read(value)
    if (stored === undefined) {
      if (isKey) throw unreadable(table, name, value)
      keepUntaken(frame, path, value)
      return
    }
    if (stored === null) return
    if (typeof stored !== 'object') {
      frame.row[name] = stored
      return
    }
    frame.row[name] = stored.value
    keep(frame, path, value)
  }
}

/** An object whose members are columns of the same row; only those with rows below must be one. */
function objectHandler(shape: Shape, level: Level, { prefix, plans }: Within): Handler {
  const below = `${prefix}.`
  const handlers = handlersOf(shape, level, { prefix: below, plans })
  const alone = referenceIn(shape.columns, level)
  const isNeeded = hasRows(level)
  return (value, frame) => {
    if (value === null || value === undefined) return
    if (isMembers(value)) readMembers(handlers, { members: value, frame, prefix: below })
    else if (typeof value === 'string' && alone !== null) handlers.get(alone)?.(value, frame)
    else if (isNeeded) throw unreadable(shape.table, prefix, value)
    else keepUntaken(frame, prefix, value)
  }
}

function hasRows({ parts, members }: Level): boolean {
  return parts.length > 0 || [...members.values()].some(hasRows)
}

/** The member that may stand for the whole object. */
function referenceIn(columns: Columns, { members }: Level): string | null {
  for (const [name, level] of members) {
    if (level.columns.some(([column]) => columns[column]?.isReference)) return name
  }
  return null
}

type Reading = { members: Members; frame: Frame; prefix: string }

function readMembers(handlers: Map<string, Handler>, { members, frame, prefix }: Reading): void {
  for (const name in members) {
    const handle = handlers.get(name)
    if (handle === undefined) keepUntaken(frame, prefix + name, members[name])
    else handle(members[name], frame)
  }
}

// Rows below a row.

function partHandler(table: string, part: MemberPart, plans: Plans): Handler {
  const shape = part.shape()
  const plan = planOf(shape, plans)
  const isReference = Object.values(shape.columns).some(
    ({ from, isReference }) => isReference && from === 'guid',
  )
  const add = part.as === 'values' ? addValue : isReference ? addReference : addObject
  const where = `${table}.${part.from}`
  if (part.as === 'object') {
    return (value, frame) => add(plan, value, { where, ordinal: 0, frame })
  }
  return (value, frame) => {
    if (value === null || value === undefined) return
    if (!Array.isArray(value)) throw new Unstorable(`${where} is ${kindOf(value)}, no list`)
    const list: readonly unknown[] = part.isSet ? withoutRepeats(value) : value
    for (let ordinal = 0; ordinal < list.length; ordinal += 1) {
      add(plan, list[ordinal], { where, ordinal, frame })
    }
  }
}

function withoutRepeats(list: readonly unknown[]): unknown[] {
  return [...new Map(list.map((one) => [readers.text(one) ?? JSON.stringify(one), one])).values()]
}

type Under = { where: string; ordinal: number; frame: Frame }

function addObject(plan: Plan, value: unknown, { where, ordinal, frame }: Under): void {
  if (value === null || value === undefined) return
  if (!isMembers(value)) throw new Unstorable(`${where} holds ${kindOf(value)}, no object`)
  addRow(plan, { members: value, ordinal, parent: frame, walk: frame.walk })
}

/** A plain value is the member `value` of its row. */
function addValue(plan: Plan, value: unknown, { ordinal, frame }: Under): void {
  if (value === null || value === undefined) return
  addRow(plan, { members: { value }, ordinal, parent: frame, walk: frame.walk })
}

/** A reference may be given as its guid alone. */
function addReference(plan: Plan, value: unknown, under: Under): void {
  addObject(plan, typeof value === 'string' ? { guid: value } : value, under)
}
