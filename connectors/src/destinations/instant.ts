const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,6}))?Z$/

/** Whether text is an instant in UTC as columns take it, with microseconds at most. */
export function isInstant(text: string): boolean {
  return form.test(text)
}

/** Instants as text that sorts by time, however many decimals each has. Throws for other text. */
export function sortable(instant: string): string {
  const match = form.exec(instant)
  if (match === null) throw new Error('a version is an instant in UTC: 2026-11-20T21:09:58.000Z')
  return instant.slice(0, 19) + (match[1] ?? '').padEnd(6, '0')
}
