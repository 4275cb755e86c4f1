import type { Destination, Quarantined, Removal, Unit } from '../destination.ts'
import { ReadingFailed } from '../outcome.ts'
import type { LookUp, Stream } from '../source.ts'
import type { Telling } from './events.ts'
import { type Facts, type Task, tasksOf } from './plan.ts'
import type { Moves, Position } from './position.ts'
import type { StreamProgress } from './progress.ts'
import {
  fetchBody,
  fetchIfThere,
  type LeftOut,
  mapRecords,
  type Read,
  type ReaderDeps,
  readTask,
  type Sink,
} from './reader.ts'
import { type Problem, Standing, type Turn } from './standing.ts'
import type { Writer } from './writer.ts'

export type StreamDeps = ReaderDeps & {
  writer: Writer
  destination: Pick<Destination, 'idsWhere'>
  tell(telling: Telling): void
  progress: StreamProgress
  /** A reason to leave the past for later, or null; asked before every reading of it. */
  postponed(facts: Facts): string | null
}

/** How one stream of one location ended. */
export type StreamOutcome =
  | { kind: 'complete' }
  | { kind: 'postponed' }
  | ({ kind: 'failed' } & Problem)

/**
 * How many readings of a stream are under way at once. Their rows may arrive in any order; the
 * position moves in theirs, in the transaction that completes what it then covers.
 */
const aheadByKind: Readonly<Record<Stream['reading']['kind'], number>> = {
  list: 1,
  'changed-list': 1,
  modified: 4,
  span: 2,
  days: 8,
  document: 1,
  remembered: 1,
  feed: 1,
}

/** Brings one stream of one location up to date. Throws only what is no fault of the vendor's. */
export async function syncStream(
  stream: Stream,
  position: Position,
  facts: Facts,
  deps: StreamDeps,
): Promise<StreamOutcome> {
  const total = deps.progress.begin(tasksOf(stream, position, facts))
  deps.tell({ event: 'planned', location: facts.location.id, stream: stream.name, tasks: total })
  const sync = new StreamSync(stream, position, facts, deps)
  return await sync.run(tasksOf(stream, position, facts), total)
}

/** Pages of one feed in one sync; what is left waits for the next. */
const feedPagesMax = 100_000

/** What a reading leaves to be written together with the move of the position. */
type Done = {
  task: Task
  units: Unit[]
  quarantined: Quarantined[]
  keep: string[]
  readAt: string
  moves: Moves
  records: number
  leftOut: readonly LeftOut[]
  /** Listed ids that lead to no record. */
  astray: string[]
  /** Gives back what the rows hold until they are brought. */
  release(): void
}

class StreamSync {
  readonly #stream: Stream
  readonly #facts: Facts
  readonly #deps: StreamDeps
  readonly #standing: Standing

  constructor(stream: Stream, position: Position, facts: Facts, deps: StreamDeps) {
    this.#stream = stream
    this.#facts = facts
    this.#deps = deps
    this.#standing = new Standing(position, new Date(facts.now).toISOString())
  }

  get #position(): Position {
    return this.#standing.position
  }

  set #position(position: Position) {
    this.#standing.position = position
  }

  async run(tasks: Iterable<Task>, total: number): Promise<StreamOutcome> {
    const underWay = new Set<Promise<void>>()
    const ahead = aheadByKind[this.#stream.reading.kind]
    let begun = 0
    let reason: string | null = null
    try {
      for (const task of tasks) {
        reason = task.purpose === 'backfill' ? this.#deps.postponed(this.#facts) : null
        if (reason !== null) break
        begun += 1
        if (this.#standing.isGivenUp(task.repair)) continue
        this.#deps.progress.start()
        const reading = this.#readInTurn(task).then(() => void underWay.delete(reading))
        underWay.add(reading)
        if (underWay.size >= ahead) await Promise.race(underWay)
        if (this.#standing.seemsVain) await Promise.all(underWay)
        if (this.#standing.seemsVain) break
      }
      await Promise.all(underWay)
    } catch (error) {
      await Promise.allSettled(underWay)
      if (!(error instanceof ReadingFailed)) throw error
      return await this.#failed(error)
    }
    const { lastFailure, seemsVain } = this.#standing
    if (lastFailure !== null && seemsVain) return await this.#failed(lastFailure)
    const problem = await this.#ended()
    if (reason !== null) this.#tellPostponed(total - begun, reason)
    if (problem !== null) return problem
    return reason === null ? { kind: 'complete' } : { kind: 'postponed' }
  }

  async #readInTurn(task: Task): Promise<void> {
    const turn = this.#standing.begin(task)
    try {
      const done = await this.#read(task)
      try {
        await this.#settle(turn, done)
      } finally {
        done.release()
      }
    } catch (error) {
      if (!(error instanceof ReadingFailed)) throw error
      this.#standing.failed(turn, error)
    }
  }

  async #read(task: Task): Promise<Done> {
    const readAt = new Date(this.#facts.now).toISOString()
    const done: Done = {
      task,
      units: [],
      quarantined: [],
      keep: [],
      readAt,
      moves: task.moves,
      records: 0,
      leftOut: [],
      astray: [],
      release() {},
    }
    const { reading } = this.#stream
    if (task.ids !== null) await this.#readByIds(task, task.ids, done)
    else if (reading.kind === 'feed') await this.#readFeed(task, done)
    else if (reading.kind === 'remembered') await this.#recall(task, done)
    else if (reading.kind === 'document') await this.#readDocument(reading, done)
    else await this.#readPages(this.#stream, done)
    if (reading.kind === 'list' && reading.lookUp !== undefined) {
      await this.#lookUpMissing(reading.lookUp, done)
    }
    return done
  }

  /**
   * Pages are brought as they come: of many locations at once, what each holds back adds up. The
   * last one is left, to be written together with what the whole reading means.
   */
  async #readOnce(stream: Stream, done: Done): Promise<void> {
    const { location, instantText } = this.#facts
    const sink: Sink = {
      begin() {
        done.keep = []
      },
      bring: async (read) => {
        this.#note(done, read)
        await this.#deps.writer.bring(read)
      },
    }
    const { read, release, leftOut } = await readTask(done.task, stream, {
      deps: this.#deps,
      location: location.id,
      sink,
      instantText,
    })
    this.#note(done, read)
    Object.assign(done, read, { release, leftOut })
  }

  /** The same, for lists with a second thought: that all of one is gone is believed when it is said twice. */
  async #readPages(stream: Stream, done: Done): Promise<void> {
    await this.#readOnce(stream, done)
    const { task, keep, release } = done
    const isWholeList = task.removes !== null && task.removes.within.length === 0
    if (!isWholeList || keep.length > 0 || this.#position.rows === 0) return
    release()
    await this.#readOnce(stream, done)
  }

  /** What a list no longer shows is asked for by its ids. */
  async #lookUpMissing({ parameter, atOnce }: LookUp, done: Done): Promise<void> {
    // Whoever asks holds no reply meanwhile, or all who ask might wait for each other.
    done.release()
    const { id: location } = this.#facts.location
    const { task } = done
    if (task.removes === null) return
    const stored = await this.#deps.destination.idsWhere(task.removes.table, location)
    const shown = new Set(done.keep)
    const missing = stored.filter((id) => !shown.has(id))
    for (let from = 0; from < missing.length; from += atOnce) {
      const asked = { [parameter]: missing.slice(from, from + atOnce).join() }
      const call = { ...task.call, query: { ...task.call.query, ...asked } }
      const body = await fetchBody(this.#deps, this.#stream.name, location, call)
      this.#add(done, this.#stream.recordsOf(body))
    }
  }

  /** Records that were asked for one by one join what is to be written. */
  #add(done: Done, records: readonly unknown[]): void {
    const read = this.#mapped(records)
    this.#note(done, read)
    done.units.push(...read.units)
    done.quarantined.push(...read.quarantined)
  }

  #note(done: Done, { units, quarantined }: Read): void {
    done.records += units.length + quarantined.length
    if (done.task.removes !== null) for (const { id } of units) done.keep.push(id)
    for (const { location, stream, id, reason } of quarantined) {
      // What is set aside is there all the same: its earlier rows stay, all rows if it has no name.
      if (id === null) done.task = { ...done.task, removes: null }
      else done.keep.push(id)
      this.#deps.tell({ event: 'quarantined', location, stream, id, reason })
    }
  }

  /**
   * Asks for the document's mark; a document that is the stored one is not fetched again. The mark
   * to remember is the document's own: a new one is announced before it can be had.
   */
  async #readDocument(
    { probePath, member }: Extract<Stream['reading'], { kind: 'document' }>,
    done: Done,
  ): Promise<void> {
    const call = { path: probePath, query: {}, headers: {}, limits: [] }
    const { id } = this.#facts.location
    const probed = await fetchIfThere(this.#deps, this.#stream.name, id, call)
    if (markOf(probed, member) === this.#position.mark && done.moves.wholeAt === undefined) {
      done.task = { ...done.task, removes: null }
      return
    }
    const recordsOf: Stream['recordsOf'] = (body) => {
      const records = this.#stream.recordsOf(body)
      done.moves = { ...done.moves, mark: markOf(records[0], member) }
      return records
    }
    done.moves = { ...done.moves, mark: '' }
    await this.#readPages({ ...this.#stream, recordsOf }, done)
  }

  /** One record, and what the next reading of it has to know. */
  async #recall(task: Task, done: Done): Promise<void> {
    const { id: location } = this.#facts.location
    const body = await fetchBody(this.#deps, this.#stream.name, location, task.call)
    const context = { location, fetchedAt: this.#nextReadAt() }
    const { recall } = this.#stream
    const recalled = recall?.(body, context, {
      mark: this.#position.mark ?? null,
      onUnknown: this.#deps.onUnknown,
    })
    if (recalled === undefined) return
    const { units, quarantined, mark } = recalled
    this.#deps.figures.records(this.#stream.name, units.length + quarantined.length)
    for (const _ of quarantined) this.#deps.figures.quarantined(this.#stream.name)
    this.#note(done, recalled)
    Object.assign(done, { units, quarantined, moves: { ...done.moves, mark } })
  }

  /**
   * Every page is written with the place where the next begins. A feed may go on for long: each page
   * but the last is told, and counted, as it is written.
   */
  async #readFeed(task: Task, done: Done): Promise<void> {
    if (this.#facts.full && this.#position.againFrom === undefined) this.#beginAgain()
    for (let page = 0; page < feedPagesMax; page += 1) {
      const body = await this.#feedPage(task)
      const { next, more } = Object(body)
      const records = this.#stream.recordsOf(body)
      if (typeof next !== 'string' || next === '' || typeof more !== 'boolean') {
        throw new ReadingFailed('set-aside', `${task.call.path}: the reply has no cursor`)
      }
      const read = this.#mapped(records, this.#nextReadAt())
      this.#note(done, read)
      const removals = more ? [] : this.#notComeAgain()
      const rows = this.#position.rows + (more ? done.records : 0)
      this.#position = { ...this.#position, mark: next, rows }
      await this.#deps.writer.bring({ ...this.#rewritten(read), removals, state: this.#state() })
      if (!more) return this.#endAgain()
      this.#tellRead(task, done.records)
      done.records = 0
    }
  }

  /**
   * Rows that were read later are of a later version, though the clock may have been put back, or
   * the vendor's be known to a second only.
   */
  #nextReadAt(): string {
    const before = this.#position.readAt
    const afterMs = before === undefined ? 0 : Date.parse(before) + 1
    const readAt = new Date(Math.max(this.#deps.now(), afterMs)).toISOString()
    this.#position = { ...this.#position, readAt }
    return readAt
  }

  /** What is stored and does not come again by the feed's end is gone. */
  #beginAgain(): void {
    const { mark: _, ...position } = this.#position
    this.#position = position
    const againFrom = this.#nextReadAt()
    this.#position = { ...this.#position, againFrom }
  }

  /** While a feed is read again every unit is written anew, so that what did not come is older. */
  #rewritten({ units, quarantined }: Read): Read {
    const { againFrom } = this.#position
    if (againFrom === undefined) return { units, quarantined }
    return {
      units: units.map((unit) => ({ ...unit, hash: `${unit.hash} ${againFrom}` })),
      quarantined,
    }
  }

  #notComeAgain(): Removal[] {
    const { againFrom: readAt } = this.#position
    if (readAt === undefined) return []
    const { id: location } = this.#facts.location
    return this.#stream.tables.map((table) => ({ table, location, within: [], keep: [], readAt }))
  }

  #endAgain(): void {
    const { againFrom: _, ...position } = this.#position
    this.#position = position
  }

  /** A cursor the source no longer knows is given up, once: everything is read again. */
  async #feedPage(task: Task): Promise<unknown> {
    const { mark: after } = this.#position
    const query = after === undefined ? task.call.query : { ...task.call.query, after }
    const { id } = this.#facts.location
    try {
      return await fetchBody(this.#deps, this.#stream.name, id, { ...task.call, query })
    } catch (error) {
      const isForgotten = error instanceof ReadingFailed && error.verdict === 'restart'
      if (!isForgotten || after === undefined) throw error
      this.#beginAgain()
      return await fetchBody(this.#deps, this.#stream.name, id, task.call)
    }
  }

  #mapped(records: readonly unknown[], fetchedAt?: string): Read {
    const { id: location } = this.#facts.location
    const context = { location, businessDate: null, deps: this.#deps }
    return mapRecords(records, this.#stream, {
      ...context,
      ...(fetchedAt === undefined ? {} : { fetchedAt }),
    })
  }

  /** Follows each listed id that is not stored to the record it belongs to. */
  async #readByIds(task: Task, repair: NonNullable<Task['ids']>, done: Done): Promise<void> {
    const { id: location } = this.#facts.location
    const listed = await fetchBody(this.#deps, this.#stream.name, location, task.call)
    if (listed !== null && !Array.isArray(listed)) {
      throw new ReadingFailed('set-aside', `${task.call.path}: the reply is no list`)
    }
    const ids = (listed ?? []).filter((id) => typeof id === 'string')
    if (ids.length === 0 || task.businessDate === null) return
    const { table, column } = repair.stored
    const stored = new Set(
      await this.#deps.destination.idsWhere(table, location, { column, equals: task.businessDate }),
    )
    const followed = new Set<string>()
    for (const id of ids) {
      if (stored.has(id)) continue
      await this.#follow(repair, { id, location, followed }, done)
    }
  }

  async #follow(
    repair: NonNullable<Task['ids']>,
    { id, location, followed }: { id: string; location: string; followed: Set<string> },
    done: Done,
  ): Promise<void> {
    let at = id
    for (const { path, member } of repair.follow) {
      if (member === null && followed.has(at)) return
      if (member === null) followed.add(at)
      const call = {
        path: path.replace('{id}', encodeURIComponent(at)),
        query: {},
        headers: {},
        limits: [],
      }
      const found = await fetchIfThere(this.#deps, this.#stream.name, location, call)
      if (found === null) return void done.astray.push(`${call.path} is not there`)
      if (member === null) {
        this.#add(done, [found])
        return
      }
      const next = (found as Record<string, unknown>)[member]
      if (typeof next !== 'string') return void done.astray.push(`${call.path} has no ${member}`)
      at = next
    }
  }

  async #settle(turn: Turn, done: Done): Promise<void> {
    const { task, units, quarantined, keep, readAt, moves, records, leftOut, astray } = done
    const { location } = this.#facts
    const hasMoved = this.#standing.read(turn, { moves, records, leftOut, astray })
    const removals =
      task.removes === null ? [] : [{ ...task.removes, location: location.id, keep, readAt }]
    await this.#deps.writer.bring({
      units,
      quarantined,
      removals,
      ...(hasMoved ? { state: this.#state() } : {}),
    })
    this.#deps.progress.settle(task)
    this.#tellRead(task, records)
  }

  #tellRead({ purpose, what }: Task, records: number): void {
    const { id: location } = this.#facts.location
    const { name: stream } = this.#stream
    this.#deps.tell({ event: 'read', location, stream, purpose, what, records })
  }

  #state() {
    const { name: stream } = this.#stream
    return { location: this.#facts.location.id, stream, state: JSON.stringify(this.#position) }
  }

  /** Everything was asked for. What could not be had is a problem, also when it is an old one. */
  async #ended(): Promise<StreamOutcome | null> {
    const [first, ...others] = this.#standing.end()
    if (first !== undefined) {
      const besides = others.length === 0 ? '' : ` (and ${others.length} more)`
      return await this.#failed({ ...first, message: `${first.message}${besides}` })
    }
    await this.#deps.writer.bring({ state: this.#state() })
    return null
  }

  #tellPostponed(tasks: number, reason: string): void {
    const { location } = this.#facts
    const { name: stream } = this.#stream
    this.#deps.tell({ event: 'postponed', location: location.id, stream, tasks, reason })
  }

  async #failed({ verdict, message: said }: Problem): Promise<StreamOutcome> {
    const { member } = this.#facts.location
    const message = member === undefined ? said : `${member}: ${said}`
    this.#standing.note({ verdict, message })
    await this.#deps.writer.bring({ state: this.#state() })
    const { location } = this.#facts
    const { name: stream } = this.#stream
    this.#deps.tell({ event: 'problem', location: location.id, stream, verdict, message })
    return { kind: 'failed', verdict, message }
  }
}

/** What a source says a document is the state of; empty where it does not. */
function markOf(said: unknown, member: string): string {
  const mark = Object(said)[member]
  if (typeof mark !== 'string') return ''
  const ms = Date.parse(mark)
  return Number.isNaN(ms) ? mark : new Date(ms).toISOString()
}
