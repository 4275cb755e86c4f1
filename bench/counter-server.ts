// The server side of bench/counter.ts, as a process of its own: a counter on a given database.

import { instant } from '@regulars/contract/values/instants'
import { openCounter } from '@regulars/server'
import pino from 'pino'

const [, , databaseUrl = '', secretKey = ''] = process.argv
const counter = openCounter({
  databaseUrl,
  secretKey: Buffer.from(secretKey, 'hex'),
  now: () => instant(Date.now()),
  log: pino({ level: 'silent' }),
})
const address = await counter.app.listen({ port: 0, host: '127.0.0.1' })
process.send?.({ port: Number(new URL(address).port) })
process.on('message', (message) => {
  if (message === 'memory') process.send?.({ memoryBytes: process.memoryUsage.rss() })
  if (message === 'stop') void counter.close().then(() => process.exit())
})
