import type { Written } from '../destination.ts'
import type { Purpose } from './plan.ts'

export type Level = 'fine' | 'info' | 'warning' | 'severe'

/** What a run tells as it goes; `at` is ISO 8601. Nothing in it is a secret or a guest's. */
export type SyncEvent = { at: string; level: Level } & (
  | { event: 'started'; run: string; source: string; destination: string }
  | { event: 'locations'; count: number; gone: readonly string[] }
  | { event: 'planned'; location: string; stream: string; tasks: number }
  | {
      event: 'read'
      location: string
      stream: string
      purpose: Purpose
      what: string
      records: number
    }
  | { event: 'written'; written: Written }
  | {
      event: 'progress'
      /** Of one location each. */
      streams: { done: number; total: number }
      rows: number
      /** In this run. */
      requests: number
      /** Of the slices that the called locations are in; null where the vendor has none. */
      slice: { used: number; allowed: number; seconds: number } | null
      /** Null while there is too little to go by. */
      secondsLeft: number | null
    }
  | { event: 'retry'; location: string | null; said: string; waitMs: number }
  | { event: 'unknown-member'; table: string; member: string }
  | { event: 'quarantined'; location: string; stream: string; id: string | null; reason: string }
  | { event: 'problem'; location: string | null; stream: string; verdict: string; message: string }
  | { event: 'postponed'; location: string; stream: string; tasks: number; reason: string }
  /** A round that could not begin; the next one is tried at its time. */
  | { event: 'skipped'; message: string }
  | { event: 'ended'; run: string; outcome: Outcome; rows: number; seconds: number }
)

/**
 * `complete`: all there was to read is there. `partial`: some of it is not, the rest is saved.
 * `stopped`: somebody said to stop. `refused`: the credentials are not good. `failed`: a fault.
 */
export type Outcome = 'complete' | 'partial' | 'stopped' | 'refused' | 'failed'

type Told<Kind> = Kind extends unknown ? Omit<Kind, 'at' | 'level'> : never

/** An event without its time and level. */
export type Telling = Told<SyncEvent>

const levels: Partial<Record<SyncEvent['event'], Level>> = {
  read: 'fine',
  planned: 'fine',
  written: 'fine',
  progress: 'fine',
  retry: 'info',
  'unknown-member': 'warning',
  quarantined: 'warning',
  problem: 'severe',
  skipped: 'severe',
}

/** With the level that such an event usually has, unless one is given. */
export function eventOf(
  telling: Telling,
  at: number,
  level: Level = levels[telling.event] ?? 'info',
): SyncEvent {
  return { at: new Date(at).toISOString(), level, ...telling } as SyncEvent
}
