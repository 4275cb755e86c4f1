import type { Command } from 'commander'
import { addSyncDemo } from './demo.ts'
import { addCheckPunchh, addSyncPunchh } from './punchh.ts'
import { addState } from './state.ts'
import { addStatus } from './status.ts'
import { addCheckToast, addSyncToast } from './toast.ts'

/** `regulars sync …`: the connectors. Exits with 0 complete, 2 configuration, 3 partial, 1 fault. */
export function addSync(regulars: Command): void {
  const sync = regulars.command('sync').description('Carry data into a warehouse.')
  addSyncToast(sync)
  addSyncPunchh(sync)
  addSyncDemo(sync)
  const check = sync.command('check').description('Try a configuration and its credentials.')
  addCheckToast(check)
  addCheckPunchh(check)
  addStatus(sync)
  addState(sync)
}
