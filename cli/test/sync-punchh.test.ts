import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { harborCoffee, runRegulars, temporaryFolder, up } from './running.ts'

const keys = {
  business_key: 'c0ffee00-0000-4000-8000-000000000001',
  location_key: 'harborcoffeepierexamplekey0000000001',
}

describe('regulars sync punchh', () => {
  test('carries settings and exports of a counter into DuckDB, and then only what changed', async () => {
    const { line } = await up(['--data', 'memory', '--sandbox', '--program', harborCoffee])
    const sync = syncFrom({
      ...keys,
      base_url: line.url,
      admin_key: 'harborcoffeeexampleadmin0000000001',
    })

    expect(await sync()).toMatchObject({ outcome: 'complete', problems: [] })
    expect(await sync()).toMatchObject({ outcome: 'complete', written: { rows: 0, removed: 0 } })
    expect(await sync.status()).toEqual({
      business: 1,
      checkin: 0,
      guest: 5,
      ledger_entry: 9,
      location: 3,
      location_configuration: 2,
      program_meta: 20,
      receipt: 0,
      redemption: 0,
    })
  })

  test('with the published configuration reads what a till may', async () => {
    const { line } = await up(['--data', 'memory', '--sandbox', '--program', harborCoffee])
    const sync = syncFrom({ ...keys, base_url: line.url })
    expect(await sync()).toMatchObject({ outcome: 'complete', problems: [] })
    expect(await sync.status()).toEqual({ location_configuration: 1, program_meta: 19 })
  })
})

describe('regulars sync check punchh', () => {
  const check = async (configuration: object) => {
    const file = `${temporaryFolder()}.json`
    writeFileSync(file, JSON.stringify(configuration))
    return await runRegulars(['sync', 'check', 'punchh', '--config', file])
  }

  test('says of a server that is not there to check base_url, and tries three times', async () => {
    const { code, stderr } = await check({ ...keys, base_url: 'http://127.0.0.1:1' })
    expect({ code, retries: stderr.match(/; trying again/g)?.length }).toEqual({
      code: 2,
      retries: 2,
    })
    expect(stderr).toMatch(/location_key: .*ECONNREFUSED, 3 times in a row; check base_url/)
  })

  test('reports every problem of a configuration at once', async () => {
    const { code, stderr } = await check({ fields: { 'guest.nose': 'drop' } })
    expect({ code, members: stderr.match(/^ {2}[\w.]+(?=:)/gm)?.map((one) => one.trim()) }).toEqual(
      {
        code: 2,
        members: ['base_url', 'location_key', 'business_key', 'fields.guest.nose'],
      },
    )
  })
})

/** A sync of a configuration into a new file: its report, and how many records were read. */
function syncFrom(configuration: object) {
  const data = temporaryFolder()
  const to = ['--to', `${data}.duckdb`]
  writeFileSync(`${data}.json`, JSON.stringify(configuration))
  const run = async () => {
    const args = ['sync', 'punchh', '--config', `${data}.json`, ...to, '--json']
    const { stdout, stderr } = await runRegulars(args)
    const last = stdout.trim().split('\n').at(-1) ?? ''
    return last === '' ? stderr : JSON.parse(last)
  }
  const status = async () => {
    const { stdout } = await runRegulars(['sync', 'status', ...to, '--source', 'punchh', '--json'])
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    return Object.fromEntries(lines.map(({ stream, records }) => [stream, records]))
  }
  return Object.assign(run, { status })
}
