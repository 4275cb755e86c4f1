import type { SyncEvent } from '@regulars/connectors/events'
import { count, roughly } from '../figures.ts'

type Progress = Extract<SyncEvent, { event: 'progress' }>

/** How far a sync is, for a line that is kept: streams, rows, requests and time left. */
export function progressText(progress: Progress): string {
  const { streams, rows } = progress
  return [
    `${count(streams.done)} of ${count(streams.total)} streams done`,
    `${count(rows)} rows written`,
    budgetText(progress),
  ].join(', ')
}

/** The requests of those that are allowed, and the time left where it is known. */
export function budgetText({ requests, slice, secondsLeft }: Progress): string {
  const left = secondsLeft === null || secondsLeft === 0 ? '' : `, ${roughly(secondsLeft)} left`
  return `${requestsText(requests, slice)}${left}`
}

function requestsText(requests: number, slice: Progress['slice']): string {
  if (slice === null || slice.allowed === 0) return `requests ${count(requests)}`
  const minutes = Math.round(slice.seconds / 60)
  return `requests ${count(slice.used)} of ${count(slice.allowed)} allowed in ${minutes} min`
}
