import { type Answer, ok, Refused } from './answer.ts'
import { type Call, param } from './call.ts'

/** The most objects of one page. */
const tokenPageMax = 300

/** Toast cuts pages by the size of what is on them: a page may be short in the middle of a list. */
const pageLengths = [40, 9, 75, 3, 300, 21] as const

/**
 * One page of a list, the next one named by a token in a header. A publish while the pages are
 * walked makes the token a conflict: the walk starts over.
 */
export function tokenPage<Thing>(
  call: Call,
  list: { name: string; publish: number; things: readonly Thing[] },
  payload: (thing: Thing) => unknown,
): Answer {
  const { name, publish, things } = list
  const { from, number } = readToken(param(call, 'pageToken'), name, publish)
  const length = Math.min(
    tokenPageMax,
    pageLengths[(number + name.length) % pageLengths.length] ?? 1,
  )
  const page = things.slice(from, from + length).map(payload)
  const next = from + length
  if (next >= things.length) return ok(page)
  const token = Buffer.from(`${name}:${publish}:${next}:${number + 1}`).toString('base64url')
  return ok(page, { 'Toast-Next-Page-Token': token })
}

function readToken(
  token: string | null,
  name: string,
  publish: number,
): { from: number; number: number } {
  if (token === null) return { from: 0, number: 0 }
  const text = Buffer.from(token, 'base64url').toString()
  const [, of, published, from, number] = /^(\w+):(-?\d+):(\d+):(\d+)$/.exec(text) ?? []
  if (of !== name) throw new Refused(400, 'Invalid page token')
  if (Number(published) !== publish) {
    throw new Refused(409, 'Data has changed since the first page was requested')
  }
  return { from: Number(from), number: Number(number) }
}
