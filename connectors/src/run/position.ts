import type { Verdict } from '../outcome.ts'

/**
 * Where one stream of one location stands. Instants are ISO 8601 in UTC.
 *
 * It is kept as JSON in the destination, so members are only ever added.
 */
export type Position = {
  /** Everything changed before is delivered. */
  cursor?: string
  /** The history is delivered down to here; the date of a business day or an instant. */
  floor?: string
  /** When the whole list was last read. */
  wholeAt?: string
  /** When each repair was last done, by its name. */
  repairedAt?: Record<string, string>
  /** What the source said last: a document's mark, or where a feed goes on. */
  mark?: string
  /** What a feed or a remembered record was last read as of; the next reading is later. */
  readAt?: string
  /** When a feed was begun again; until its end is reached, what is older may be gone. */
  againFrom?: string
  /** What could not be read while the rest could; it is asked for again, ever less often. */
  holes?: readonly Hole[]
  /** Rows written so far. */
  rows: number
  lastSuccessAt?: string
  lastError?: { at: string; message: string; verdict: string }
}

/** A part of a stream's own time, half open: instants, or the dates of business days. */
export type Range = { from: string; before: string }

/** What is left out of a stream, and how often and when last it was asked for. */
export type Hole = Range & {
  tries: number
  at: string
  verdict: Verdict['do']
  message: string
}

/** What a finished task changes of a position. */
export type Moves = Pick<Position, 'cursor' | 'floor' | 'wholeAt' | 'mark'> & {
  /** The repairs that are done, by their names. */
  repaired?: readonly string[]
}

export const atTheBeginning: Position = { rows: 0 }

export function moved(position: Position, moves: Moves, at: string): Position {
  const { repaired = [], ...plain } = moves
  if (repaired.length === 0) return { ...position, ...plain }
  const done = Object.fromEntries(repaired.map((name) => [name, at]))
  return { ...position, ...plain, repairedAt: { ...position.repairedAt, ...done } }
}

/** What was read of a range, but for what of it was not; or none of it, where that is all of it. */
export function withHoles(
  position: Position,
  range: Range,
  { left, at }: { left: readonly Omit<Hole, 'tries' | 'at'>[]; at: string },
): Position {
  const { holes: known = [], ...rest } = position
  const isWithin = (hole: Range, { from, before }: Range) =>
    hole.from >= from && hole.before <= before
  const kept = known.filter((hole) => !isWithin(hole, range))
  const tried = (one: Range) =>
    Math.max(0, ...known.filter((hole) => isWithin(hole, one)).map(({ tries }) => tries))
  const holes = [...kept, ...left.map((one) => ({ ...one, tries: tried(one) + 1, at }))]
  return holes.length === 0 ? rest : { ...rest, holes }
}

export function positionFrom(text: string): Position {
  const read: unknown = JSON.parse(text)
  return { ...atTheBeginning, ...(read as Partial<Position>) }
}
