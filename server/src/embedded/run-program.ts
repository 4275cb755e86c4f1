import { spawn } from 'node:child_process'
import type { ServerAccount } from './server-account.ts'

/** How a program ended. `output` is what it wrote to standard output and error, in order. */
export type ProgramResult = { readonly exitCode: number; readonly output: string }

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
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: place.cwd,
      env: postgresEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      // A session of its own: Ctrl-C in the terminal reaches us, and we stop Postgres in order.
      detached: true,
      ...asAccount(place.account),
    })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString('utf8')
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', reject)
    child.on('close', (code) => resolve({ exitCode: code ?? -1, output }))
  })
}

/** Spawn options for an account; none for our own. */
export function asAccount(account: ServerAccount | null): { uid?: number; gid?: number } {
  return account === null ? {} : { uid: account.uid, gid: account.gid }
}

/** Our environment without what would redirect Postgres' programs, and with messages in English. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name))
  return { ...Object.fromEntries(kept), LC_ALL: 'C' }
}
