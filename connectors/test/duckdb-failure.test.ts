import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { DestinationFailed } from '../src/destination.ts'
import { failureOf } from '../src/destinations/duckdb-failure.ts'

const full = [
  'TransactionContext Error: Failed to commit: Could not write file "w.duckdb.wal": No space left on device',
  'ENOSPC: no space left on device, write',
]

test.each(full)('a full disk is said in a sentence: %s', (said) => {
  const failure = failureOf(new Error(said), 'DuckDB file w.duckdb')
  expect(failure).toBeInstanceOf(DestinationFailed)
  expect(failure?.message).toMatch(
    /^There is no room left for DuckDB file w\.duckdb\. Nothing is lost: /,
  )
})

test('a mistake of ours is none', () => {
  expect(failureOf(new Error('Parser Error: syntax error'), 'w.duckdb')).toBeNull()
})

const source = new URL('../src/destinations/open-destination.ts', import.meta.url)
const writeThreeMegabytes = (target: string) => `
  const { openDestination } = await import('${source}')
  const destination = await openDestination('${target}', { source: 'toast' })
  const states = [{ location: 'north', stream: 'orders', state: 'secret'.repeat(500_000) }]
  const batch = { units: [], removals: [], quarantined: [], states }
  console.log(await destination.write(batch).catch((error) => error.message))
  await destination.close()
`

// A limit of a process's files stands in for a full disk: the system writes a part, then refuses.
test('rows that do not fit on the disk are no shorter rows, and are not told', () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-full-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const script = writeThreeMegabytes(join(folder, 'w.duckdb'))
  const limited = 'ulimit -f 4096; exec "$0" --input-type=module -e "$1"'
  const said = execFileSync('sh', ['-c', limited, process.execPath, script], { encoding: 'utf8' })
  expect(said).toMatch(/^There is no room left for DuckDB file /)
  expect(said).not.toContain('secret')
})
