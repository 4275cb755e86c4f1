import { ReadingFailed } from '../outcome.ts'
import type { Task } from './plan.ts'
import { type Moves, moved, type Position, withHoles } from './position.ts'
import type { LeftOut } from './reader.ts'

/** A reading in its turn, and what came of it. */
export type Turn = { task: Task; ended: ({ kind: 'read' } & Came) | Failed | null }
type Failed = { kind: 'failed'; error: ReadingFailed }

/** What a reading came to, once its rows are brought. */
type Came = {
  moves: Moves
  records: number
  leftOut: readonly LeftOut[]
  /** Of a repair: what was listed and leads to nothing. */
  astray: readonly string[]
}

/** What could not be had, for the report. */
export type Problem = Pick<ReadingFailed, 'verdict' | 'message'>

/** Readings that fail one after another until the rest of a stream is left for the next sync. */
const failedInRowMax = 3

/**
 * Where a stream stands while several of its readings are under way. The position moves over them
 * in their order, and over one that failed only once another was read: what it was of is then a
 * hole, which a later sync fills.
 */
export class Standing {
  position: Position
  lastFailure: ReadingFailed | null = null
  readonly #at: string
  /** Readings the position does not cover yet. */
  readonly #turns: Turn[] = []
  /** Why repairs did not find all they asked for, by their names. */
  readonly #unrepaired = new Map<string, ReadingFailed>()
  #failedInRow = 0
  #hasRead = false

  /** `at` is the sync's own moment. */
  constructor(position: Position, at: string) {
    this.position = position
    this.#at = at
  }

  begin(task: Task): Turn {
    const turn: Turn = { task, ended: null }
    this.#turns.push(turn)
    return turn
  }

  /** Whether the position has moved, to be written with the rows that came. */
  read(turn: Turn, came: Came): boolean {
    turn.ended = { kind: 'read', ...came }
    const { repair } = turn.task
    const [astray] = came.astray
    if (repair !== null && astray !== undefined) {
      this.#unrepaired.set(repair, new ReadingFailed('narrow', astray))
    }
    this.#failedInRow = 0
    this.#hasRead = true
    const firstUnderWay = this.#turns.findIndex(({ ended }) => ended === null)
    const over = firstUnderWay === -1 ? this.#turns : this.#turns.slice(0, firstUnderWay)
    const lastRead = over.findLastIndex(({ ended }) => ended?.kind === 'read')
    this.#cover(lastRead + 1)
    return lastRead !== -1
  }

  /** Throws the failure again where the readings beside it are not worth trying. */
  failed(turn: Turn, error: ReadingFailed): void {
    if (!this.#mayGoOn(turn.task, error)) throw error
    turn.ended = { kind: 'failed', error }
    if (isOfHole(turn.task)) {
      this.#turns.splice(this.#turns.indexOf(turn), 1)
      this.#leaveOut(turn.task, error)
    }
    this.#failedInRow += 1
    this.lastFailure = error
  }

  /** A vendor that answered nothing of the last readings is not asked for hundreds more. */
  get seemsVain(): boolean {
    return this.#failedInRow >= (this.#hasRead ? failedInRowMax : 1)
  }

  isGivenUp(repair: string | null): boolean {
    // What is refused for what it asks would be refused again: it has its turn when next due.
    const failure = repair === null ? undefined : this.#unrepaired.get(repair)
    return failure !== undefined && failure.verdict !== 'narrow'
  }

  /** Everything was asked for; what could not be had, also when that is known from before. */
  end(): Problem[] {
    this.#cover(this.#turns.length)
    const { lastError: _, ...position } = this.position
    this.position = { ...position, lastSuccessAt: this.#at }
    const holes = (position.holes ?? []).map(({ from, before, tries, verdict, message }) => {
      const often = tries === 1 ? '' : ` ${tries} times`
      return { verdict, message: `${from} to ${before} could not be read${often}: ${message}` }
    })
    const repairs = [...this.#unrepaired].map(([name, { verdict, message }]) => {
      return { verdict, message: `looking again (${name}): ${message}` }
    })
    return [...holes, ...repairs]
  }

  note({ verdict, message }: Problem): void {
    this.position = { ...this.position, lastError: { at: this.#at, message, verdict } }
  }

  #mayGoOn({ range, repair }: Task, error: ReadingFailed): boolean {
    if (error.verdict === 'stop' || error.verdict === 'location-gone') return false
    if (repair !== null) {
      this.#unrepaired.set(repair, error)
      return true
    }
    return range !== null && error.verdict !== 'blocked' && error.verdict !== 'absent'
  }

  #cover(count: number): void {
    for (const { task, ended } of this.#turns.splice(0, count)) {
      if (ended?.kind === 'read') this.#cross(task, ended)
      if (ended?.kind === 'failed') this.#leaveOut(task, ended.error)
    }
  }

  #cross({ range }: Task, { moves, records, leftOut }: Came): void {
    this.position = { ...this.position, rows: this.position.rows + records }
    this.#move(moves)
    if (range === null) return
    const left = leftOut.map(({ window: { from, before }, error: { verdict, message } }) => ({
      from: new Date(from).toISOString(),
      before: new Date(before).toISOString(),
      verdict,
      message,
    }))
    this.position = withHoles(this.position, range, { left, at: this.#at })
  }

  #leaveOut({ range, repair, moves }: Task, { verdict, message }: ReadingFailed): void {
    this.#move(moves)
    if (range === null || repair !== null) return
    const left = [{ ...range, verdict, message }]
    this.position = withHoles(this.position, range, { left, at: this.#at })
  }

  #move({ repaired = [], ...moves }: Moves): void {
    const done = repaired.filter((name) => !this.isGivenUp(name))
    this.position = moved(this.position, { ...moves, repaired: done }, this.#at)
  }
}

/** Whether it asks for what is left out already: failing again moves nothing else. */
function isOfHole({ purpose, repair }: Task): boolean {
  return purpose === 'repair' && repair === null
}
