import type { Frame, OnUnknown } from './frame.ts'

/** Further members of a run that no column takes are kept as well, but no longer reported. */
const reportedMax = 10_000

/** Keeps what no column takes, and reports it: nothing declares it, or it is not of its type. */
export function keepUntaken(frame: Frame, member: string, value: unknown): void {
  keep(frame, member, value === undefined ? null : value)
  report(frame.walk.onUnknown, frame.table, member)
}

/** Keeps a member that is known to be empty, should it hold something. */
export function keepUnlessNothing(frame: Frame, member: string, value: unknown): void {
  if (value !== null && value !== undefined) keep(frame, member, value)
}

/** Keeps a value in the row's `_extra`. */
export function keep(frame: Frame, member: string, value: unknown): void {
  // Without a prototype, so that a member named __proto__ is a member like any other.
  const extra: Record<string, unknown> = frame.extra ?? Object.create(null)
  frame.extra = extra
  // Two columns may read one member.
  if (member in extra && extra[member] === value) return
  // What stands deeper is kept beside a member that happens to be named like its path.
  extra[member in extra ? `${member}#` : member] = value
}

const reported = new WeakMap<OnUnknown, Set<string>>()

function report(onUnknown: OnUnknown, table: string, member: string): void {
  const heard = reported.get(onUnknown) ?? new Set()
  const name = `${table}.${member}`
  if (heard.has(name) || heard.size >= reportedMax) return
  reported.set(onUnknown, heard.add(name))
  onUnknown(table, member)
}
