import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { StandIn, StandInOptions } from '@regulars/sandbox'
import type { Answered } from './stand-in-process.ts'
import type { SyncAsked, SyncDone } from './sync-process.ts'

/** A stand-in in a process of its own. */
export type StandInProcess = Pick<StandIn, 'url' | 'credentials'> & {
  /** Calls of restaurants by slice of the clock. */
  answered(): Promise<Answered[]>
  stop(): Promise<void>
}

export async function startStandInProcess(options: StandInOptions): Promise<StandInProcess> {
  const child = fork(file('stand-in-process.ts'), [JSON.stringify(options)])
  const started = await nextMessage<Pick<StandIn, 'url' | 'credentials'>>(child)
  return {
    ...started,
    answered: () => ask<Answered[]>(child, 'answered'),
    async stop() {
      const ended = once(child, 'exit')
      child.send('stop')
      await ended
    },
  }
}

export type SyncProcess = { done: Promise<SyncDone>; stop(): void }

/** What cli/bin/regulars.js gives itself. */
const flags = ['--max-semi-space-size=8', '--max-old-space-size=1024']
const environment = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '262144' }

/** One sync in a process of its own, as `regulars` would be. */
export function startSync(asked: SyncAsked): SyncProcess {
  const execArgv = [...process.execArgv, ...flags]
  const env = { ...process.env, ...environment }
  const child = fork(file('sync-process.ts'), [JSON.stringify(asked)], { execArgv, env })
  return { done: nextMessage<SyncDone>(child), stop: () => child.send('stop') }
}

export function syncOnce(asked: SyncAsked): Promise<SyncDone> {
  return startSync(asked).done
}

function ask<Reply>(child: ChildProcess, question: string): Promise<Reply> {
  const reply = nextMessage<Reply>(child)
  child.send(question)
  return reply
}

function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`a process ended with ${code}`))
    child.once('exit', ended)
    child.once('message', (message) => {
      child.off('exit', ended)
      resolve(message as Message)
    })
  })
}

function file(name: string): string {
  return join(import.meta.dirname, name)
}
