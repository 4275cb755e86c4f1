import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Stops Postgres when this process ends without having done so itself. */
export type Watchdog = { readonly dismiss: () => void }

// Waits on a pipe only we hold. A line means we stopped Postgres ourselves; the end of the pipe
// means we are gone. Postgres' number is compared with its pid file, so that a number used again by
// another program is never signalled.
const script = `
read -r line && exit 0
[ "$(head -n 1 "$2" 2>/dev/null)" = "$1" ] && kill -INT "$1"
[ -n "$3" ] || exit 0
while kill -0 "$1" 2>/dev/null; do sleep 1; done
rm -rf "$3"
`

/**
 * Watches this process from a sleeping shell of its own, where the platform has one; elsewhere the
 * next start on the folder stops what was left. `removeFolder` is removed once Postgres is gone.
 */
export function startWatchdog(input: {
  pid: number
  clusterFolder: string
  removeFolder: string | null
}): Watchdog {
  if (process.platform === 'win32') return { dismiss: () => {} }
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      script,
      'regulars-watchdog',
      `${input.pid}`,
      join(input.clusterFolder, 'postmaster.pid'),
      input.removeFolder ?? '',
    ],
    { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  )
  // Without a shell there is no watchdog, which only means that the next start has to clean up.
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  child.unref()
  return { dismiss: () => child.stdin.end('stopped\n') }
}
