import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { harborCoffee, runRegulars, temporaryFolder, up } from './running.ts'

const bakery = harborCoffee.replace('harbor-coffee', 'corner-bakery')

test('a sound program file is said to be sound', async () => {
  expect(await runRegulars(['program', 'check', bakery])).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      /^\S+ is sound: .+, \d+ locations, \d+ redeemables, \d+ guests\.\n$/,
    ),
    stderr: '',
  })
})

test('a file that is not there is named', async () => {
  expect(await runRegulars(['program', 'check', 'nowhere.json'])).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^the file: found nowhere\.json \(ENOENT.*\n$/),
  })
})

test('the schema of program files is printed as JSON', async () => {
  const { stdout } = await runRegulars(['program', 'schema'])
  expect(JSON.parse(stdout)).toMatchObject({ title: 'Regulars program file', type: 'object' })
})

test('a file is planned and applied while a counter runs on the folder', async () => {
  const data = temporaryFolder()
  const counter = await up(['--data', data, '--program', bakery])
  const program = JSON.parse(readFileSync(bakery, 'utf8'))
  program.redeemables[0].name = 'A better name'
  const path = join(data, '..', 'program.json')
  writeFileSync(path, JSON.stringify(program))
  const step = `~ update  redeemable ${program.redeemables[0].external_id}\n`

  const planned = await runRegulars(['program', 'apply', path, '--dry-run', '--data', data])
  expect(planned).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      new RegExp(`^${step}${program.business.id}: 0 would be created, 1 would be updated, \\d+ `),
    ),
    stderr: '',
  })
  const applied = await runRegulars(['program', 'apply', path, '--data', data])
  expect(applied.stdout).toMatch(
    new RegExp(`^${step}${program.business.id}: 0 created, 1 updated, \\d+ unchanged, 0 absent `),
  )
  const again = await runRegulars(['program', 'apply', path, '--dry-run', '--data', data])
  expect(again.stdout).toMatch(/: 0 would be created, 0 would be updated, /)
  expect((await fetch(counter.line.url)).status).toBe(200)
})
