import { join } from 'node:path'
import { figure, line } from './printing.ts'
import { startStandInProcess, startSync } from './processes.ts'

/** Toast's 10,000 calls in 15 minutes, as many in a minute. */
const longSlice = { calls: 667, seconds: 60 }
const sliceMs = longSlice.seconds * 1_000
const restaurantCounts = [1, 10]
/** More days than a run gets through, one call or more for each. */
const days = 3_000
const latencyMs = 50

/** How much of what the vendor allows is used, over slices that were read in from end to end. */
export async function limits({
  folder,
  slices,
  only,
}: {
  folder: string
  slices: number
  only: number | null
}): Promise<void> {
  console.log(
    `\nOf the allowed rate, ${longSlice.calls} calls a restaurant in ${longSlice.seconds} s, ` +
      `${latencyMs} ms latency, ${slices} whole slices`,
  )
  line(['restaurants', 'allowed', 'answered', 'share', '429'])
  for (const restaurants of only === null ? restaurantCounts : [only])
    await share({ folder, slices, restaurants })
}

async function share({
  folder,
  slices,
  restaurants,
}: {
  folder: string
  slices: number
  restaurants: number
}): Promise<void> {
  const standIn = await startStandInProcess({
    restaurants,
    days,
    ordersPerDay: 1,
    membershipMoves: false,
    limits: { perSlice: longSlice.calls, sliceSeconds: longSlice.seconds },
    latencyMs,
  })
  try {
    const target = join(folder, `limits-${restaurants}.duckdb`)
    const asked = { standIn, target, streams: null, until: null, longSlice }
    const first = Math.floor(Date.now() / sliceMs) + 1
    const sync = startSync(asked)
    await pauseUntil((first + slices) * sliceMs)
    sync.stop()
    const { outcome } = await sync.done
    if (outcome !== 'stopped') throw new Error(`the sync was ${outcome} before its time`)
    const answered = await standIn.answered()
    const whole = answered.filter(({ slice }) => slice >= first && slice < first + slices)
    const used = whole.reduce((total, one) => total + one.used, 0)
    const allowed = restaurants * slices * longSlice.calls
    line([
      figure(restaurants),
      figure(allowed),
      figure(used),
      `${((100 * used) / allowed).toFixed(1)} %`,
      figure(answered.reduce((total, { refused }) => total + refused, 0)),
    ])
  } finally {
    await standIn.stop()
  }
}

function pauseUntil(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms - Date.now())
  })
}
