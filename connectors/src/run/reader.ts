import { type Instant, instant } from '@regulars/contract/values/instants'
import type { Quarantined, Unit } from '../destination.ts'
import { Unstorable } from '../mapping/unstorable.ts'
import { type Judged, ReadingFailed, type Verdict } from '../outcome.ts'
import { parsedJson } from '../parsed-json.ts'
import type { Address, Session } from '../session.ts'
import type { Call, Stream } from '../source.ts'
import {
  type Attempt,
  namedWaitMsMax,
  type RetryBudget,
  waitFor,
  withAttempts,
} from './attempts.ts'
import type { Figures } from './figures.ts'
import type { Http, Reply } from './http.ts'
import { type Limiter, pause } from './limiter.ts'
import { type Facts, type Task, type Window, withWindow } from './plan.ts'
import type { Room, Rooms } from './slots.ts'

/** What reading one stream of one location needs. */
export type ReaderDeps = {
  http: Http
  session: Session
  limiter: Limiter
  rooms: Rooms
  figures: Figures
  budget: RetryBudget
  signal: AbortSignal
  now(): Instant
  onRetry(said: string, waitMs: number): void
  onUnknown(table: string, member: string): void
}

/** A page's worth of rows, and what of it could not become rows. */
export type Read = { units: Unit[]; quarantined: Quarantined[] }

/** Rows that hold a slot until `release`, which is when somebody else has taken them in. */
export type Held = { read: Read; release(): void }

/** What of a window could not be read while the rest of it could. */
export type LeftOut = { window: Window; error: ReadingFailed }

/** Passes after which a walk over live pages is given up. */
const passesMax = 5
/** A window narrower than this is not cut again. */
const narrowestMs = 1_000
/** Windows that are refused down to the narrowest, one after another, until all of it is given up. */
const refusedInRowMax = 2
/** The same all in all. */
const leftOutMax = 10
/** The vendor's clock is known to a second, when we ask what changed under our feet. */
const skewMs = 2_000
const pagesMax = 100_000

/** Where the rows of all pages but the last go. */
export type Sink = {
  /** A walk over the pages begins; those of an earlier one no longer count as seen. */
  begin(): void
  bring(read: Read): Promise<void>
}

/**
 * Reads a task's pages in order, brings each page's rows, and gives back those of the last: they
 * are brought together with the move of the position. Of a window the narrowest parts that are
 * refused are left out. Throws `ReadingFailed` when the task cannot be finished; what was brought
 * by then is sound, only not all of it.
 */
export async function readTask(
  task: Task,
  stream: Stream,
  {
    deps,
    location,
    sink,
    instantText,
  }: { deps: ReaderDeps; location: string; sink: Sink; instantText: Facts['instantText'] },
): Promise<Held & { leftOut: readonly LeftOut[] }> {
  const reader = { task, stream, deps, location, sink, instantText }
  if (task.window === null) return { ...(await walk(reader)).last, leftOut: [] }
  const narrowing: Narrowing = { leftOut: [], refusedInRow: 0, whole: task.window }
  const { last } = await walkWindow(reader, task.window, narrowing)
  return { ...last, leftOut: narrowing.leftOut }
}

type Reader = {
  task: Task
  stream: Stream
  deps: ReaderDeps
  location: string
  sink: Sink
  instantText: Facts['instantText']
}

/** How the halves of one task's window fared. */
type Narrowing = { leftOut: LeftOut[]; refusedInRow: number; whole: Window }

/**
 * Reads a window; one that is refused or never holds still is read in halves, down to the
 * narrowest, which is left out so that what is around it is not.
 */
async function walkWindow(reader: Reader, window: Window, narrowing: Narrowing): Promise<Walked> {
  const { from, before } = window
  try {
    const walked = await walkSettled(reader, window)
    narrowing.refusedInRow = 0
    return walked
  } catch (error) {
    if (!(error instanceof ReadingFailed) || error.verdict !== 'narrow') throw error
    if (before - from <= narrowestMs) return leaveOut(narrowing, { window, error })
    const middle = instant(Math.floor((from + before) / 2))
    const [earlier, later] = [
      { ...window, before: middle },
      { ...window, from: middle },
    ]
    const { last } = await walkWindow(over(reader, earlier), earlier, narrowing)
    await handOver(last, reader.sink)
    return await walkWindow(over(reader, later), later, narrowing)
  }
}

function leaveOut(narrowing: Narrowing, { window, error }: LeftOut): Walked {
  narrowing.refusedInRow += 1
  narrowing.leftOut.push({ window, error })
  const isGivenUp =
    window === narrowing.whole ||
    narrowing.refusedInRow >= refusedInRowMax ||
    narrowing.leftOut.length > leftOutMax
  if (isGivenUp) throw error
  const last = { read: { units: [], quarantined: [] }, release() {} }
  return { pages: 0, seen: new Set(), last }
}

function over(reader: Reader, window: Window): Reader {
  return { ...reader, task: withWindow(reader.task, window, reader.instantText) }
}

/**
 * Pages of a live set shift when a record that was read leaves the window, and the record that
 * crosses a page's edge is never returned. So after a walk over several pages we ask what has been
 * modified since it began: a record that the walk had read means another pass.
 */
async function walkSettled(reader: Reader, window: Window): Promise<Walked> {
  const { deps, sink } = reader
  for (let pass = 1; pass <= passesMax; pass += 1) {
    const beganAt = deps.now()
    const walked = await walk(reader)
    if (walked.pages < 2) return walked
    const { seen, last } = walked
    const from = instant(Math.max(window.before, beganAt - skewMs))
    const since = { ...window, from, before: instant(deps.now() + skewMs) }
    const isMoved = await hasShifted(over(reader, since), seen).catch(releasing(last))
    if (!isMoved) return walked
    await handOver(last, sink)
  }
  throw new ReadingFailed('narrow', `the pages kept changing in ${passesMax} passes`)
}

async function hasShifted(asking: Reader, seen: Walked['seen']): Promise<boolean> {
  const { task, deps } = asking
  const { checks: room } = deps.rooms
  const { records, following, release } = await page(asking, task.call, { asked: {}, room })
  release()
  // So much has changed that one page does not show it: anything may have left.
  return following !== null || records.some((record) => seen.has(guidOf(record)))
}

function guidOf(record: unknown): unknown {
  return Object(record).guid
}

/** How many pages there were, the ids of their records, and the last one's rows. */
type Walked = { pages: number; seen: ReadonlySet<unknown>; last: Held }

/** Rows that somebody takes in, who then gives their slot back. */
async function handOver({ read, release }: Held, { bring }: Sink): Promise<void> {
  try {
    if (read.units.length + read.quarantined.length > 0) await bring(read)
  } finally {
    release()
  }
}

function releasing({ release }: Held): (error: unknown) => never {
  return (error) => {
    release()
    throw error
  }
}

/** Reads the pages one after another. */
async function walk(reader: Reader): Promise<Walked> {
  for (let pass = 1; ; pass += 1) {
    try {
      return await walkOnce(reader)
    } catch (error) {
      const isRestart = error instanceof ReadingFailed && error.verdict === 'restart'
      if (!isRestart) throw error
      if (pass === passesMax) throw new ReadingFailed('set-aside', error.message)
      const { budget, signal, onRetry } = reader.deps
      const waitMs = waitFor(pass, null, budget)
      onRetry(error.message, waitMs)
      await pause(waitMs, signal)
    }
  }
}

async function walkOnce(reader: Reader): Promise<Walked> {
  reader.sink.begin()
  let asked: Record<string, string> = {}
  const seen = new Set<unknown>()
  for (let pages = 1; pages <= pagesMax; pages += 1) {
    const { held, guids, following } = await mappedPage(reader, asked)
    for (const guid of guids) seen.add(guid)
    if (following === null) return { pages, seen, last: held }
    await handOver(held, reader.sink)
    asked = following
  }
  throw new ReadingFailed('set-aside', `more than ${pagesMax} pages`)
}

/** A page as rows alone: its records are not kept while the rows wait to be written. */
async function mappedPage(
  reader: Reader,
  asked: Record<string, string>,
): Promise<{ held: Held; guids: unknown[]; following: Page['following'] }> {
  const { stream, deps, task } = reader
  const room = deps.rooms[stream.paging === 'numbered' ? 'pages' : 'plain']
  const { records, following, release } = await page(reader, task.call, { asked, room })
  try {
    const read = mapRecords(records, stream, contextOf(reader))
    return { held: { read, release }, guids: records.map(guidOf), following }
  } catch (error) {
    release()
    throw error
  }
}

function setAside(
  record: unknown,
  reason: string,
  { stream, location }: { stream: Stream; location: string },
): Quarantined {
  const { guid, restaurantGuid, id = guid ?? restaurantGuid } = Object(record)
  const [table = ''] = stream.tables
  return {
    location,
    stream: stream.name,
    table,
    id: typeof id === 'string' || typeof id === 'number' ? String(id) : null,
    reason,
    payload: JSON.stringify(record),
  }
}

function contextOf({ location, task, deps }: Reader) {
  return { location, businessDate: task.businessDate, deps }
}

/** Records as rows; one that cannot become rows is set aside whole, with the reason. */
export function mapRecords(
  records: readonly unknown[],
  stream: Stream,
  {
    location,
    businessDate,
    deps,
    fetchedAt = new Date(deps.now()).toISOString(),
  }: { location: string; businessDate: number | null; deps: ReaderDeps; fetchedAt?: string },
): Read {
  const context = {
    location,
    fetchedAt,
    ...(businessDate === null ? {} : { businessDate }),
  }
  const read: Read = { units: [], quarantined: [] }
  for (const record of records) {
    try {
      read.units.push(...stream.unitsOf(record, context, deps.onUnknown))
    } catch (error) {
      if (!(error instanceof Unstorable)) throw error
      deps.figures.quarantined(stream.name)
      read.quarantined.push(setAside(record, error.message, { stream, location }))
    }
  }
  deps.figures.records(stream.name, records.length)
  return read
}

/** A page's records hold a slot until `release`. */
type Page = {
  records: readonly unknown[]
  following: Record<string, string> | null
  release(): void
}

/** One page, tried until it is there. */
async function page(
  { stream, location, deps }: Reader,
  call: Call,
  { asked: following, room }: { asked: Record<string, string>; room: Room },
): Promise<Page> {
  const asked = pageOf(stream, following)
  const fetching = fetchHeld({ ...deps, room }, stream.name, location, {
    ...call,
    query: { ...call.query, ...asked },
  })
  // A list that is absent is not empty: what it held must not go with it.
  const fetched = await (stream.mayBeAbsent === true ? orNothing(fetching) : fetching)
  const { body, headers, release } = fetched
  try {
    const records = body === nothing ? [] : stream.recordsOf(body)
    const next = followingOf(stream, { asked, headers, body, count: records.length })
    return { records, following: next, release }
  } catch (error) {
    release()
    throw error
  }
}

const pageSize = 100

function pageOf(stream: Stream, following: Record<string, string>): Record<string, string> {
  if (stream.paging !== 'numbered') return following
  return { pageSize: String(pageSize), page: '1', ...following }
}

function followingOf(
  { paging }: Stream,
  {
    asked,
    headers,
    body,
    count,
  }: {
    asked: Record<string, string>
    headers: Readonly<Record<string, string>>
    body: unknown
    count: number
  },
): Record<string, string> | null {
  switch (paging) {
    case 'whole':
      return null
    case 'numbered':
      if (count === 0 || !/rel="?next"?/.test(headers.link ?? '')) return null
      return { page: String(Number(asked.page) + 1) }
    case 'token': {
      const token = headers['toast-next-page-token']
      return token === undefined || token === '' ? null : { pageToken: token }
    }
    case 'cursor': {
      const { more, next } = (body ?? {}) as { more?: unknown; next?: unknown }
      return more === true && typeof next === 'string' ? { after: next } : null
    }
  }
}

/** One call's JSON, within limits and with repeats. Null where the reply has no body. */
export async function fetchBody(
  deps: ReaderDeps,
  streamName: string,
  location: string | null,
  call: Call,
): Promise<unknown> {
  return bodyOf(await fetchHeld({ ...deps, room: deps.rooms.plain }, streamName, location, call))
}

/** The same of something that need not be there: null when it is not. */
export async function fetchIfThere(
  deps: ReaderDeps,
  streamName: string,
  location: string | null,
  call: Call,
): Promise<unknown> {
  const fetching = fetchHeld({ ...deps, room: deps.rooms.plain }, streamName, location, call)
  return bodyOf(await orNothing(fetching))
}

function bodyOf({ body, release }: Fetched): unknown {
  release()
  return body === nothing ? null : body
}

/** The body of a reply that has none. */
const nothing = Symbol('nothing')

type Fetched = { body: unknown; headers: Readonly<Record<string, string>>; release(): void }

async function orNothing(fetching: Promise<Fetched>): Promise<Fetched> {
  try {
    return await fetching
  } catch (error) {
    if (!(error instanceof ReadingFailed) || error.verdict !== 'absent') throw error
    return { body: nothing, headers: {}, release() {} }
  }
}

type Fetching = ReaderDeps & { room: Room }

async function fetchHeld(
  deps: Fetching,
  streamName: string,
  location: string | null,
  call: Call,
): Promise<Fetched> {
  let sent: Record<string, string> = {}
  return withAttempts(
    async () => {
      const address = await addressOf(deps.session, call, location)
      if ('said' in address) return address
      sent = address.headers
      return await attempt(deps, streamName, { ...address, limits: call.limits })
    },
    {
      budget: deps.budget,
      signal: deps.signal,
      onRetry(said, waitMs) {
        deps.figures.retry(streamName)
        deps.onRetry(said, waitMs)
      },
      logIn: () => deps.session.renew(sent),
    },
  )
}

/** A login that was not answered is tried again like any call. */
async function addressOf(session: Session, call: Call, location: string | null) {
  try {
    return await session.address(call, location)
  } catch (error) {
    if (error instanceof ReadingFailed) throw error
    return { verdict: { do: 'again', waitMs: null } as const, said: `log in: ${faultOf(error)}` }
  }
}

async function attempt(
  deps: Fetching,
  streamName: string,
  {
    url,
    headers,
    limits,
  }: { url: URL; headers: Record<string, string>; limits: readonly string[] },
): Promise<Attempt<Fetched>> {
  const { http, session, limiter, figures, signal, room } = deps
  const { land, answered } = await admission(deps, limits)
  let release = () => {}
  const arriving = async (headers: Reply['headers']) => {
    answered(session.told(headers))
    // Until then it counts as under way, because it has a connection that others may wait for.
    release = await room.replies.take()
    land()
  }
  const startedAt = performance.now()
  let reply: Reply
  try {
    reply = await http.send(url, { method: 'GET', headers, signal, arriving })
  } catch (error) {
    land()
    release()
    answered(null)
    signal.throwIfAborted()
    const said = faultOf(error)
    figures.call(streamName, { outcome: said, tookMs: performance.now() - startedAt, bytes: 0 })
    return { verdict: { do: 'again', waitMs: null }, said: `${url.pathname}: ${said}` }
  }
  const { status, tookMs, body } = reply
  figures.call(streamName, { outcome: String(status), tookMs, bytes: body.length })
  const outcome = judged(reply, { session, limiter, sent: { url, headers } })
  if ('said' in outcome) {
    release()
    return outcome
  }
  return { ...outcome, result: { ...outcome.result, release } }
}

/** Waits for the limit without a slot, so that a location that must wait keeps no other waiting. */
async function admission(
  { limiter, room, signal }: Fetching,
  limits: readonly string[],
): Promise<{ land(): void; answered: ReturnType<Limiter['spend']> }> {
  for (;;) {
    const waitMs = limiter.waitMs(limits)
    if (waitMs > 0) {
      await pause(waitMs, signal)
      continue
    }
    const land = await room.calls.take()
    if (!signal.aborted && limiter.waitMs(limits) === 0) {
      return { land, answered: once(limiter.spend(limits)) }
    }
    land()
    signal.throwIfAborted()
  }
}

function judged(
  { status, headers, body }: Reply,
  { session, limiter, sent }: { session: Session; limiter: Limiter; sent: Address },
): Attempt<Omit<Fetched, 'release'>> {
  const reply: Judged = { status, headers, text: status < 300 ? '' : body.toString('utf8') }
  const verdict: Verdict = session.verdict(reply, Date.now(), sent)
  if (verdict.do === 'use') {
    const parsed = body.length === 0 && status === 204 ? nothing : parsedJson(body.toString('utf8'))
    if (parsed !== undefined) return { verdict, result: { body: parsed, headers } }
    const said = `${sent.url.pathname}: ${status} with a body that is no JSON`
    return { verdict: { do: 'again', waitMs: null }, said }
  }
  if (verdict.do === 'again' && verdict.waitMs !== null) {
    limiter.pauseUntil(Date.now() + Math.min(namedWaitMsMax, verdict.waitMs))
  }
  const reason = session.reason?.(reply, sent) ?? reasonIn(reply.text)
  return { verdict, said: `${sent.url.pathname}: ${status} ${reason}`.trim() }
}

const reasonMax = 200

function reasonIn(text: string): string {
  const parsed = parsedJson(text) as { message?: unknown; requestId?: unknown } | undefined
  const { message, requestId } = parsed ?? {}
  if (typeof message !== 'string') return ''
  return `${message.slice(0, reasonMax)}${typeof requestId === 'string' ? ` (request ${requestId})` : ''}`
}

function faultOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return typeof code === 'string' ? code : String(message ?? error).slice(0, reasonMax)
}

/** Only the first call counts: a reply whose body was cut short has been answered. */
function once<Given>(work: (given: Given) => void): (given: Given) => void {
  let isDone = false
  return (given) => {
    if (!isDone) work(given)
    isDone = true
  }
}
