import { instant } from '@regulars/contract/values/instants'
import { expect, test } from 'vitest'
import { type Facts, tasksOf } from '../src/run/plan.ts'
import { toastSource } from '../src/toast/streams.ts'

const now = instant(Date.UTC(2026, 2, 20, 12))
const facts: Facts = {
  location: { id: 'north', label: '', timeZone: 'UTC', closeoutHour: 4, firstBusinessDate: null },
  now,
  until: now,
  start: now,
  full: false,
  instantText: (ms) => new Date(ms).toISOString(),
}
const minutesAgo = (minutes: number) => new Date(now - minutes * 60_000).toISOString()

function plannedOf(name: string, wholeAt: string): string[] {
  const { streams } = toastSource({ historySpacingSeconds: 0 })
  const stream = streams.find((each) => each.name === name)
  if (stream === undefined) throw new Error(`there is no stream ${name}`)
  const position = { rows: 0, wholeAt, cursor: wholeAt }
  return [...tasksOf(stream, position, facts)].map(({ what }) => what)
}

// A clock that was set back kept lists from being read until it had caught up again.
test.each([
  { list: 'employee', everyHours: 0, minutes: 0, planned: ['all'] },
  { list: 'employee', everyHours: 0, minutes: -1, planned: ['all'] },
  { list: 'tip_withholding', everyHours: 24, minutes: 24 * 60 - 1, planned: [] },
  { list: 'tip_withholding', everyHours: 24, minutes: 24 * 60, planned: ['all'] },
  { list: 'tip_withholding', everyHours: 24, minutes: -1, planned: ['all'] },
])(
  'a list that is read every $everyHours hours and was $minutes minutes ago is planned as $planned',
  ({ list, minutes, planned }) => {
    expect(plannedOf(list, minutesAgo(minutes))).toEqual(planned)
  },
)
