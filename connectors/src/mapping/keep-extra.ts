import type { Frame, OnUnknown } from './frame.ts'

/** Further unknown members of a run are kept as well, but no longer reported. */
const reportedMax = 10_000

/** Keeps a member that nothing declares, and reports it. */
export function keepUnknown(frame: Frame, member: string, value: unknown): void {
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
  // A column's own source is kept beside a member that happens to be named like the column.
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
