import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const binary = fileURLToPath(new URL('../bin/regulars.js', import.meta.url))
export const harborCoffee = fileURLToPath(
  new URL('../../examples/harbor-coffee/program.json', import.meta.url),
)

export type RunOptions = { env?: Record<string, string>; node?: readonly string[] }

/** A `regulars` process as its caller sees it. */
export type Running = {
  process: ChildProcess
  stdout(): string
  stderr(): string
  /** The exit code; null when a signal ended it. */
  exited: Promise<number | null>
}

/** Starts `regulars` with these arguments and nothing of the test run's own configuration. */
function regulars(args: readonly string[], { env = {}, node = [] }: RunOptions = {}): Running {
  const child = spawn(process.execPath, [...node, binary, ...args], {
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
    })
  }
  const exited = once(child, 'close').then(([code]) => code as number | null)
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await exited
  })
  return { process: child, stdout: () => texts.stdout, stderr: () => texts.stderr, exited }
}

/** Runs `regulars` to its end. */
export async function runRegulars(args: readonly string[], options: RunOptions = {}) {
  const running = regulars(args, options)
  const code = await running.exited
  return { code, stdout: running.stdout(), stderr: running.stderr() }
}

// biome-ignore lint/suspicious/noExplicitAny: what a script reads from the line; tests check it.
export type Ready = Running & { line: any }

/** Starts `regulars up --json` on a free port and waits for its line. */
export async function up(args: readonly string[], options: RunOptions = {}): Promise<Ready> {
  return await readyLine(regulars(['up', '--json', '--port', '0', ...args], options))
}

/** Starts `regulars sandbox toast --json` on a free port and waits for its line. */
export async function standIn(args: readonly string[], options: RunOptions = {}): Promise<Ready> {
  const own = ['sandbox', 'toast', ...args, '--json', '--port', '0']
  return await readyLine(regulars(own, options))
}

async function readyLine(running: Running): Promise<Ready> {
  const { stdout } = running.process
  if (stdout === null) throw new Error('stdout is piped')
  while (!running.stdout().includes('\n')) {
    await Promise.race([once(stdout, 'data'), running.exited])
    if (running.process.exitCode !== null) throw new Error(running.stderr())
  }
  return { ...running, line: JSON.parse(running.stdout()) }
}

/** A folder that is removed when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-cli-'))
  // The embedded database runs as another account when the tests run as root.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'data')
}
