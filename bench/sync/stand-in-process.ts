// The stand-in for the Toast API as a process of its own, for bench/sync.ts.

import { type StandInOptions, startStandIn } from '@regulars/sandbox'

/** What of the replies it has given the bench asks for: calls of restaurants per slice of the clock. */
export type Answered = { slice: number; used: number; refused: number }

const [, , given = '{}'] = process.argv
const options: StandInOptions = JSON.parse(given)
const sliceMs =
  (typeof options.limits === 'object' ? (options.limits.sliceSeconds ?? 60) : 60) * 1_000
const answered = new Map<number, Answered>()

const standIn = await startStandIn({ ...options, log: count })
process.send?.({ url: standIn.url, credentials: standIn.credentials })
// The bench was ended before its time.
process.on('disconnect', () => process.exit())
process.on('message', (message) => {
  if (message === 'answered') process.send?.([...answered.values()])
  if (message === 'stop') void standIn.close().then(() => process.exit())
})

function count(line: string): void {
  const [, path = '', status = ''] = line.split(' ')
  // Logging in and listing restaurants are counted by address, not by restaurant.
  if (path.startsWith('/authentication/') || path.startsWith('/partners/')) return
  const slice = Math.floor(Date.now() / sliceMs)
  const counted = answered.get(slice) ?? { slice, used: 0, refused: 0 }
  answered.set(slice, counted)
  if (status === '429') counted.refused += 1
  else counted.used += 1
}
