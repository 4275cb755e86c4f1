// How fast a sync of Toast is, beside the same pages merged by hand; how much of the allowed rate it
// uses; what memory it takes.
//   npm run bench:sync [-- rates|yardstick|limits|memory …] [--orders 6000] [--slices 3] [--restaurants 10]
//                      [--rows 1000000,10000000]
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { limits } from './sync/limits.ts'
import { memory } from './sync/memory.ts'
import { rates } from './sync/rates.ts'
import { yardstick } from './sync/yardstick.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    orders: { type: 'string', default: '6000' },
    slices: { type: 'string', default: '3' },
    restaurants: { type: 'string' },
    rows: { type: 'string', default: '1000000,10000000' },
  },
})
const orders = Number(values.orders)
const rows = values.rows.split(',').map(Number)
const slices = Number(values.slices)
const only = values.restaurants === undefined ? null : Number(values.restaurants)
const parts: Record<string, (folder: string) => Promise<void>> = {
  rates: (folder) => rates({ folder, orders, only }),
  yardstick: (folder) => yardstick({ folder, orders }),
  limits: (folder) => limits({ folder, slices, only }),
  memory: (folder) => memory({ folder, rows }),
}

const busy = loadavg().map((load) => load.toFixed(1))
console.log(`${availableParallelism()} processors; load before the run ${busy.join(', ')}`)
for (const name of positionals.length > 0 ? positionals : Object.keys(parts)) {
  const part = parts[name]
  if (part === undefined) throw new Error(`there is no part ${name}: ${Object.keys(parts).join()}`)
  const folder = await mkdtemp(join(tmpdir(), 'regulars-bench-'))
  try {
    await part(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
