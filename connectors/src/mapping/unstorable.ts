/**
 * A record that cannot become rows; the whole unit is set aside. The message names the table, the
 * column and what kind of value stood there, never the value: it may be about a person.
 */
export class Unstorable extends Error {}

/** What a value is, for a message that must not show it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'string') return 'text'
  return typeof value === 'number' ? 'a number' : 'a boolean'
}

/** A column, or an object that rows depend on, that cannot be read. */
export function unreadable(table: string, column: string, value: unknown): Unstorable {
  return new Unstorable(`${table}.${column} cannot be read from ${kindOf(value)}`)
}
