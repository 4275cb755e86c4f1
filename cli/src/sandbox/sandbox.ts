import { startStandIn } from '@regulars/sandbox'
import { CannotStart } from '@regulars/server/cannot-start'
import { type Command, InvalidArgumentError } from 'commander'

type SandboxOptions = {
  port: number
  host: string
  restaurants: number
  ordersPerDay: number
  days: number
  seed: number
  latency: number
  now?: string
  limits: boolean
  json?: true
}

/** `regulars sandbox toast`: a stand-in for the Toast API, until it is told to stop. */
export function addSandbox(regulars: Command): void {
  const sandbox = regulars
    .command('sandbox')
    .description('Stand-ins for vendors, to try things on.')
  sandbox
    .command('toast')
    .description('A stand-in for the Toast API with a made-up world behind it.')
    .option('--port <number>', 'Where it listens; 0 takes any free port.', whole, 4500)
    .option('--host <address>', 'On which address.', '127.0.0.1')
    .option('--restaurants <number>', 'How many restaurants.', whole, 3)
    .option('--orders-per-day <number>', 'Orders of each on a business day.', whole, 200)
    .option('--days <number>', 'Business days of history.', whole, 30)
    .option('--seed <number>', 'Another number makes another world.', whole, 1)
    .option('--now <instant>', 'When the world stands. (now)')
    .option('--latency <ms>', 'Waited before each answer.', whole, 0)
    .option('--no-limits', 'Answer any number of calls.')
    .option('--json', 'When ready, print one line of JSON.')
    .action(runSandbox)
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

async function runSandbox({ latency, limits, json, now, ...options }: SandboxOptions) {
  const told = toldToStop()
  const standIn = await startStandIn({
    ...options,
    now: now ?? new Date().toISOString(),
    latencyMs: latency,
    ...(limits ? {} : { limits: 'off' }),
  }).catch((error: Error) => {
    throw new CannotStart(`The stand-in cannot start: ${error.message}.`)
  })
  process.stdout.write(json === true ? `${JSON.stringify(readyOf(standIn))}\n` : readyText(standIn))
  await told
  await standIn.close()
}

type StandIn = Awaited<ReturnType<typeof startStandIn>>

function readyOf({ url, credentials }: StandIn) {
  return {
    url,
    configuration: { ...credentials, userAccessType: 'TOAST_MACHINE_CLIENT', domain: url },
  }
}

function readyText(standIn: StandIn): string {
  const { url, credentials } = standIn
  return [
    `A stand-in for the Toast API listens on ${url}; it is now ${standIn.now()} there.`,
    `clientId ${credentials.clientId}, clientSecret ${credentials.clientSecret}`,
    '',
    `Move its world on:  curl -X POST ${url}/__advance -H 'content-type: application/json' -d '{"hours": 24}'`,
    '',
  ].join('\n')
}

function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.once(signal, () => resolve())
    }
  })
}
