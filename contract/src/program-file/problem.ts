/** One thing wrong with a program file. Several are reported together. */
export type Problem = {
  /** Where, as `redeemables[3].points`; empty is the file as a whole. */
  path: string
  /** What stands there, shortened; keys and passwords are not repeated. */
  found: string
  /** What may stand there. */
  allowed: string
  /** The spelling that was probably meant; null when nothing is near. */
  nearest: string | null
}

/** One sentence for a person. */
export function problemText({ path, found, allowed, nearest }: Problem): string {
  const where = path === '' ? 'the file' : path
  const hint = nearest === null ? '' : ` Did you mean ${nearest}?`
  return `${where}: found ${found}; allowed is ${allowed}.${hint}`
}

/** A value as a person would name it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return value.length === 1 ? 'a list of 1' : `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text
}

/** The known word nearest to a misspelt one; null when none is within a third of its letters. */
export function nearestTo(word: string, known: Iterable<string>): string | null {
  let best: string | null = null
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** The same as a value of the file, between quotes. */
export function nearestValue(word: string, known: Iterable<string>): string | null {
  const nearest = nearestTo(word, known)
  return nearest === null ? null : JSON.stringify(nearest)
}

/** Letters to insert, remove or replace to turn one word into the other. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1]
    for (const [column, otherLetter] of [...other].entries()) {
      const replaced = (row[column] ?? 0) + (letter === otherLetter ? 0 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
