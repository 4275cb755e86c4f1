import { spawn } from 'node:child_process'
import { CannotOpen, systemErrorCode } from './cannot-open.ts'
import type { ServerAccount } from './server-account.ts'

/** How a program ended. `output` is what it wrote to standard output and error, in order. */
export type ProgramResult = { readonly exitCode: number; readonly output: string }

const outputGraceMs = 500

/**
 * Runs one of Postgres' programs to its end as the given account, in the given folder.
 *
 * The folder is entered before the account is taken on, so it may lie where the account cannot go
 * by path. PG* variables of our own environment would redirect the programs, and are left out.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  place: { readonly cwd: string; readonly account: ServerAccount | null },
): Promise<ProgramResult> {
  const { cwd, account } = place
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: postgresEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      // A session of its own: Ctrl-C in the terminal is for us, and we stop Postgres in order.
      detached: true,
      ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
    })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString('utf8')
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', (error) => reject(cannotRun(program, account, error)))
    const finish = (code: number | null) => resolve({ exitCode: code ?? -1, output })
    child.on('close', finish)
    // On Windows the Postgres that pg_ctl starts inherits the pipes, which then never close.
    child.on('exit', (code) => setTimeout(finish, outputGraceMs, code).unref())
  })
}

function cannotRun(program: string, account: ServerAccount | null, error: Error): CannotOpen {
  const asWhom = account === null ? '' : ` as the account ${account.name}`
  return new CannotOpen(
    `The embedded Postgres cannot be run${asWhom} (${systemErrorCode(error)} for ${program}); ` +
      'start as another user, install again with npm ci, or set DATABASE_URL.',
  )
}

function postgresEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name))
  return { ...Object.fromEntries(kept), LC_ALL: 'C' }
}
