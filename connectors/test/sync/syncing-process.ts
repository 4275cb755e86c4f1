import { withStreams } from './few-streams.ts'
import { configurationFor, stillSource, syncOnce } from './sync-toast.ts'

/**
 * One sync, to be killed: `node syncing-process.ts <json>` with the target, the stand-in's url and
 * credentials, the names of the
 * streams (all of them without) and whether it is a full one. Says `reading` when it has begun.
 */
const { target, url, credentials, streams, full = false } = JSON.parse(process.argv[2] ?? '{}')
const reached = { url, credentials }
const whole = stillSource(configurationFor(reached))
const source = streams === undefined ? whole : withStreams(whole, streams)
const report = await syncOnce(
  reached,
  { target },
  {
    source,
    full,
    startedBy: 'a process that may be killed',
    onEvent: ({ event }) => {
      if (event === 'started') process.stdout.write('reading\n')
    },
  },
)
if (report.outcome !== 'complete') throw new Error(JSON.stringify(report.problems))
