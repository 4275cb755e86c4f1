import { eventOf } from '@regulars/connectors/events'
import type { Report } from '@regulars/connectors/sync'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openTelling } from '../src/sync/telling.ts'

const report: Report = {
  outcome: 'complete',
  problems: [],
  postponed: 0,
  quarantined: { seen: 0, open: 0 },
  written: { rows: 5, removed: 0, unitsWritten: 0, unitsUnchanged: 0, unitsOlder: 0 },
  figures: {},
  seconds: 2,
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

test.each([
  { quarantined: { seen: 0, open: 0 }, says: null },
  { quarantined: { seen: 1, open: 1 }, says: '1 record is set aside, 1 by this sync;' },
  { quarantined: { seen: 0, open: 1_200 }, says: '1,200 records are set aside, 0 by this sync;' },
])(
  'a report says how many records are set aside, and where: $quarantined',
  ({ quarantined, says }) => {
    openTelling({ logLevel: 'severe' }).report({ ...report, quarantined }, 'w.duckdb')
    if (says === null) expect(said.stdout).not.toContain('set aside')
    else
      expect(said.stdout).toContain(`  ${says} the table quarantine holds each with its reason.\n`)
  },
)

test('locations that are gone are called so: an archived one is still listed', () => {
  const telling = openTelling({ logLevel: 'info' })
  telling.tell(eventOf({ event: 'locations', count: 2, gone: ['r1', 'r2'] }, 0))
  expect(said.stderr).toBe('00:00:00 2 locations; gone: r1, r2\n')
})
