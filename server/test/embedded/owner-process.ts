import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What owner.ts printed. */
type OwnerReport =
  | { readonly kind: 'open'; readonly folder: string; readonly databaseUrl: string }
  | { readonly kind: 'refused'; readonly message: string }

/** A process of its own that opens a data folder. */
export type OwnerProcess = {
  readonly pid: number
  readonly report: Promise<OwnerReport>
  /** Ends it with SIGKILL: nothing of ours runs in it any more. */
  readonly kill: () => Promise<void>
  /** Lets it stop its Postgres and end. */
  readonly end: () => Promise<void>
}

/** Starts owner.ts on a data folder, or on `memory`. */
export function startOwner(place: string): OwnerProcess {
  const program = fileURLToPath(new URL('./owner.ts', import.meta.url))
  const child = spawn(process.execPath, [program, place], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  return {
    pid: child.pid ?? 0,
    report: firstReport(child),
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
    end: async () => {
      child.stdin.end()
      await exited
    },
  }
}

async function firstReport(child: Pick<ChildProcessWithoutNullStreams, 'stdout'>) {
  for await (const line of createInterface(child.stdout)) return JSON.parse(line) as OwnerReport
  throw new Error('the owner ended without a report')
}
