import type { AddressInfo } from 'node:net'
import type { ProgramFile } from '@regulars/contract/program-file'
import { type Instant, instant, secondMs } from '@regulars/contract/values/instants'
import type { Logger } from 'pino'
import manifest from '../package.json' with { type: 'json' }
import { type AppliedProgram, applyProgram } from './actions/apply-program.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { deliverBySmtp, deliverByWebhook } from './deliver.ts'
import { type Metrics, openMetrics } from './metrics.ts'
import { openPostgres } from './open-postgres.ts'
import { openOutboxWorker } from './outbox-worker.ts'
import { readPrograms } from './read-programs.ts'
import { serveDocuments } from './routes/documents.ts'
import { type FrontPage, serveFrontPage } from './routes/front-page.ts'
import { routes } from './routes/routes.ts'
import { openSandbox, type Sandbox } from './sandbox/sandbox.ts'
import { requireKey } from './secret-key.ts'
import { type Counter, openCounter } from './server.ts'
import { type StartedBusiness, startedBusiness, tryOut } from './started-business.ts'
import { type CounterMode, claimMode } from './store/counter.ts'
import { settleChanges } from './store/exports.ts'
import { startSweeper } from './sweeper.ts'

export type StartOptions = {
  config: Config
  mode: CounterMode
  /** True opens a database that was made in the other mode, and changes its mode. */
  forcesMode: boolean
  /** False refuses a schema that is not the program's own. */
  migrates: boolean
  /** Paths of program files to apply before it listens. */
  programFiles: readonly string[]
  log: Logger
  /** Told what is going on while it starts. */
  onProgress(line: string): void
}

/** A counter that answers at `url`. */
export type RunningCounter = {
  url: string
  mode: CounterMode
  /** What holds the data, for a person. */
  database: string
  businesses: readonly StartedBusiness[]
  /** A command that shows it at work; null without a business that has a guest. */
  curl: string | null
  /** What the applied files had that could not be made: a sentence each. */
  warnings: readonly string[]
  /** Answers what is under way, within ten seconds, then closes everything it opened. */
  stop(): Promise<void>
}

/**
 * Starts a counter: opens the database, brings it up to date, applies the program files, listens.
 *
 * Throws `CannotStart` or `CannotOpen` with what the operator can mend; nothing is left open then.
 */
export async function startCounter(options: StartOptions): Promise<RunningCounter> {
  const programs = await readPrograms(options.programFiles)
  const closers: (() => Promise<void>)[] = []
  const stop = once(() => closeAll(closers))
  try {
    return await open(options, { programs, closers, stop })
  } catch (error) {
    await stop()
    throw error
  }
}

type Opening = {
  programs: readonly ProgramFile[]
  /** What ends each thing that was opened, in the order of opening. */
  closers: (() => Promise<void>)[]
  stop(): Promise<void>
}

async function open(options: StartOptions, opening: Opening): Promise<RunningCounter> {
  const { config, mode, log, onProgress, migrates } = options
  const { programs, closers, stop } = opening

  const postgres = await openPostgres({ config, migrates, shares: false, onProgress })
  closers.push(postgres.close)
  const metrics = openMetrics()
  const sandbox = mode === 'sandbox' ? openSandbox(systemNow) : null
  const counter = openCounter({
    databaseUrl: postgres.databaseUrl,
    secretKey: postgres.secretKey,
    now: systemNow,
    ...sandbox,
    log,
    trustProxy: config.trustProxy,
    connectionsMax: config.databaseConnections,
    namedStatements: config.preparedStatements,
    watchRecorder: metrics.watchRecorder,
  })
  closers.push(() => closeCounter(counter))
  await requireMode(counter, options)
  await requireKey(counter.deps)
  await settleChanges(counter.deps.db)
  await sandbox?.begin(counter)

  const applied = await applyAll(counter, programs)
  const businesses = await Promise.all(
    programs.map((program, index) =>
      startedBusiness(counter.deps, program, applied[index]?.businessId ?? 0),
    ),
  )

  const sweeper = startSweeper(counter.deps)
  closers.push(sweeper.stop)
  // Practice mode sends nothing: its codes are read from a page.
  if (mode === 'live') closers.push(startOutbox(counter, config))
  const page = { url: '', mode, curl: null as string | null, businesses }
  await addPages(counter, { sandbox, metrics, sweeperLagMs: sweeper.lagMs, page: () => page })
  const url = await listen(counter, config)
  page.url = url
  page.curl = tryOut(url, businesses)
  return {
    url,
    mode,
    database: postgres.described,
    businesses,
    curl: page.curl,
    warnings: applied.flatMap(({ guestProblems }) => guestProblems),
    stop,
  }
}

/** Starts sending what is written down; answers with what ends it. */
function startOutbox({ deps }: Counter, config: Config): () => Promise<void> {
  const { smtpUrl, mailFrom, smsWebhookUrl, smsWebhookSecret } = config
  const worker = openOutboxWorker({
    db: deps.db,
    now: deps.now,
    log: deps.log,
    deliver: {
      email: smtpUrl === null || mailFrom === null ? null : deliverBySmtp(smtpUrl, mailFrom),
      sms:
        smsWebhookUrl === null || smsWebhookSecret === null
          ? null
          : deliverByWebhook(smsWebhookUrl, smsWebhookSecret),
    },
  })
  worker.start()
  return worker.stop
}

async function requireMode(counter: Counter, { mode, forcesMode }: StartOptions): Promise<void> {
  const standing = await claimMode(counter.deps.db, mode, { isForced: forcesMode })
  if (standing === mode) return
  const [start, other] =
    mode === 'sandbox' ? ['without --sandbox', 'live'] : ['with --sandbox', 'sandbox']
  throw new CannotStart(
    `This database is in ${other} mode and was to be opened in ${mode} mode; start it ${start}, ` +
      'name another folder with --data, or change its mode for good with --force-mode.',
  )
}

async function applyAll(
  counter: Counter,
  programs: readonly ProgramFile[],
): Promise<AppliedProgram[]> {
  const applied: AppliedProgram[] = []
  for (const program of programs) {
    const result = await applyProgram(counter.deps, program)
    if (result.kind === 'not_applicable') throw new CannotStart(result.sentence)
    applied.push(result)
  }
  return applied
}

async function addPages(
  { app, deps }: Counter,
  pages: {
    sandbox: Sandbox | null
    metrics: Metrics
    sweeperLagMs(): number
    page(): FrontPage
  },
): Promise<void> {
  pages.metrics.serve(app, {
    waitingForDatabase: deps.db.waiting,
    sweeperLagMs: pages.sweeperLagMs,
  })
  // In live mode the page may be on the open internet, so it shows nobody's keys.
  serveFrontPage(app, () => {
    const page = pages.page()
    return page.mode === 'sandbox' ? page : { ...page, curl: null, businesses: [] }
  })
  const served = [...routes, ...(pages.sandbox?.moreRoutes ?? [])]
  const operations = served.map(({ operation }) => operation)
  await serveDocuments(app, { operations, version: manifest.version })
}

async function listen({ app }: Counter, { host, port }: Config): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const sentence = listenSentence(error, { host, port })
    throw sentence === null ? error : new CannotStart(sentence)
  }
  const address = app.server.address() as AddressInfo
  const everywhere = address.address === '0.0.0.0' || address.address === '::'
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${address.port}`
}

function listenSentence(error: unknown, { host, port }: { host: string; port: number }) {
  switch ((error as { code?: unknown }).code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use; stop what listens there, or choose another with --port.`
    case 'EACCES':
      return `Port ${port} on ${host} may not be used by this account; choose another with --port.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine; name one that is with --host.`
    default:
      return null
  }
}

/** Requests under way are answered so long; then their connections are closed. */
const drainMsMax = 10 * secondMs

// Closing the server closes idle connections once, and those it is answering on stay open for the
// next request of theirs, so they are closed as they fall idle.
const idleCheckMs = 20

async function closeCounter(counter: Counter): Promise<void> {
  const { server } = counter.app
  const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs)
  const cut = setTimeout(() => server.closeAllConnections(), drainMsMax)
  await counter.close().finally(() => {
    clearInterval(idle)
    clearTimeout(cut)
  })
}

// The newest first: what was opened later uses what was opened before. One that fails keeps none of
// the others open.
async function closeAll(closers: (() => Promise<void>)[]): Promise<void> {
  const close = closers.pop()
  if (close === undefined) return
  await close().finally(() => closeAll(closers))
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null
  return () => {
    done ??= work()
    return done
  }
}

function systemNow(): Instant {
  return instant(Date.now())
}
