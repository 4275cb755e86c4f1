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

export type RunOptions = {
  env?: Record<string, string>
  node?: readonly string[]
  /** When the process is stopped; without it, when the test is over. */
  whenOver?(stop: () => Promise<void>): void
}

/** A `regulars` process as its caller sees it. */
export type Running = {
  process: ChildProcess
  stdout(): string
  stderr(): string
  /** The exit code; null when a signal ended it. */
  exited: Promise<number | null>
}

/** Starts `regulars` with these arguments and nothing of the test run's own configuration. */
export function regulars(
  args: readonly string[],
  { env = {}, node = [], whenOver = onTestFinished }: RunOptions = {},
): Running {
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
  whenOver(async () => {
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
  return await ready(regulars(['up', '--json', '--port', '0', ...args], options))
}

/** Starts `regulars sandbox toast --json` on a free port and waits for its line. */
export async function standIn(args: readonly string[], options: RunOptions = {}): Promise<Ready> {
  return await ready(regulars(['sandbox', 'toast', '--json', '--port', '0', ...args], options))
}

async function ready(running: Running): Promise<Ready> {
  await said(running, 'stdout', /\n/)
  return { ...running, line: JSON.parse(running.stdout()) }
}

/** Resolves when a process has printed this; throws when it ends without. */
export async function said(
  running: Running,
  stream: 'stdout' | 'stderr',
  text: RegExp,
): Promise<void> {
  const { [stream]: pipe } = running.process
  if (pipe === null) throw new Error(`${stream} is piped`)
  while (!text.test(running[stream]())) {
    await Promise.race([once(pipe, 'data'), running.exited])
    if (running.process.exitCode !== null && !text.test(running[stream]())) {
      throw new Error(`${running.stdout()}${running.stderr()}`)
    }
  }
}

/** A folder that is removed when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-cli-'))
  // The embedded database runs as another account when the tests run as root.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'data')
}
