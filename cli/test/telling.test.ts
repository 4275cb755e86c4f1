import { eventOf, type Telling as Told } from '@regulars/connectors/events'
import type { Report } from '@regulars/connectors/sync'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openTelling } from '../src/sync/telling.ts'

const report: Report = {
  outcome: 'complete',
  problems: [],
  postponed: 0,
  written: { rows: 5, removed: 0, unitsWritten: 0, unitsUnchanged: 0, unitsOlder: 0 },
  figures: {},
  seconds: 2,
}

const setAside: Told = {
  event: 'quarantined',
  location: 'r1',
  stream: 'orders',
  id: null,
  reason: 'no guid',
}

let said: { stdout: string; stderr: string }
beforeEach(() => {
  said = { stdout: '', stderr: '' }
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said.stdout += text
    return true
  })
  vi.spyOn(console, 'error').mockImplementation((text) => {
    said.stderr += `${text}\n`
  })
})
afterEach(() => vi.restoreAllMocks())

/** What a round with these events says at its end. */
function toldAfter(events: readonly Told[]): string {
  said.stdout = ''
  const telling = openTelling({ logLevel: 'severe' })
  for (const event of events) telling.tell(eventOf(event, 0))
  telling.report(report, 'w.duckdb')
  return said.stdout
}

const started: Told = { event: 'started', run: '1', source: 'toast', destination: 'w.duckdb' }

test('a report says how many records were set aside, and where they are', () => {
  expect(toldAfter([started])).not.toContain('set aside')
  expect(toldAfter([started, setAside])).toMatch(
    /\n {2}1 record was set aside; the table quarantine holds each with its reason\.\n$/,
  )
  expect(toldAfter([started, setAside, setAside])).toMatch(/\n {2}2 records were set aside; /)
})

test('a report does not count what a round before it set aside', () => {
  expect(toldAfter([started, setAside, started])).not.toContain('set aside')
})

test('locations that are gone are called so: an archived one is still listed', () => {
  const telling = openTelling({ logLevel: 'info' })
  telling.tell(eventOf({ event: 'locations', count: 2, gone: ['r1', 'r2'] }, 0))
  expect(said.stderr).toBe('00:00:00 2 locations; gone: r1, r2\n')
})
