import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const binary = fileURLToPath(new URL('../../cli/bin/regulars.js', import.meta.url))

/** What `regulars up --json` prints, as far as the clients need it. */
export type StartLine = {
  url: string
  business_key: string
  locations: { location_key: string }[]
  guests: { id: number; email: string }[]
}

/**
 * One `regulars up` on a data folder, killed and started again as often as asked. Clients wait for
 * `ready()`: the start line of the process that runs, or of the next one that gets that far.
 */
export class CounterProcess {
  readonly #args: readonly string[]
  readonly #dataFolder: string
  #child: ChildProcess | null = null
  /** Kept while nobody is ready, so that whoever waits hears of the next process that is. */
  #ready = Promise.withResolvers<StartLine>()
  #isReady = false
  #said = ''

  constructor(dataFolder: string, programFile: string) {
    this.#dataFolder = dataFolder
    this.#args = ['up', '--json', '--port', '0', '--data', dataFolder, '--program', programFile]
  }

  /** The start line of whichever process answers next. */
  ready(): Promise<StartLine> {
    return this.#ready.promise
  }

  /** What the process that runs has said on standard error. */
  get said(): string {
    return this.#said
  }

  /** Starts a process; does not wait until it is ready. */
  start(): void {
    const child = spawn(process.execPath, [binary, ...this.#args], {
      env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    this.#said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text
    })
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      // What a killed process had still said is not heard.
      if (!printed.includes('\n') || this.#child !== child) return
      this.#isReady = true
      this.#ready.resolve(JSON.parse(printed) as StartLine)
    })
    child.on('exit', (code) => {
      // Killed processes are started again; one that gives up by itself never gets ready.
      if (code !== null && code !== 0) this.#ready.reject(new Error(this.#said))
    })
  }

  /** Kills the process as a power cut would; with `postgres`, its database in the same moment. */
  async kill({ postgres }: { postgres: boolean }): Promise<void> {
    const child = this.#child
    if (child === null) return
    this.#child = null
    if (this.#isReady) this.#ready = Promise.withResolvers<StartLine>()
    this.#isReady = false
    const exited = once(child, 'exit')
    const postmaster = postgres ? this.#postmasterPid() : null
    child.kill('SIGKILL')
    if (postmaster !== null) killIfAlive(postmaster)
    await exited
  }

  /** Stops the process in order. */
  async stop(): Promise<void> {
    const child = this.#child
    if (child === null) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
    this.#child = null
  }

  /** Where the database of the process that runs listens. */
  databaseUrl(): string {
    const holder = readFileSync(join(this.#dataFolder, 'regulars.pid'), 'utf8')
    return (JSON.parse(holder) as { databaseUrl: string }).databaseUrl
  }

  #postmasterPid(): number | null {
    try {
      const file = join(this.#dataFolder, 'postgres', 'postmaster.pid')
      const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
      return Number.isInteger(pid) && pid > 1 ? pid : null
    } catch {
      return null // it is only starting
    }
  }
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended a moment before.
  }
}
