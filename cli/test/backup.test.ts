import { copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { harborCoffee, type Ready, runRegulars, temporaryFolder, up } from './running.ts'

describe('regulars backup and restore', () => {
  test('what was sold until the backup is there again, in another folder, and sells on', async () => {
    const folder = temporaryFolder()
    const file = `${folder}.backup`
    const counter = await up(['--data', folder, '--sandbox', '--program', harborCoffee])
    const { guests, admin_key: adminKey } = counter.line
    await demo(counter)
    const [made] = await Promise.all([
      runRegulars(['backup', file, '--data', folder]),
      demo(counter),
    ])
    expect(made).toMatchObject({ code: 0, stderr: '' })
    expect(made.stdout).toContain('The secret key is not in it')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const ledger = await ledgerOf(counter, guests[0].id, adminKey)
    expect(ledger.entries.length).toBeGreaterThan(2)
    await stop(counter)

    const other = temporaryFolder()
    const restored = await runRegulars(['restore', file, '--data', other])
    expect(restored.code).toBe(0)
    expect(restored.stdout).toMatch(
      /^✓ Restored the backup of \S+ into \S+: [67] guests\.\n✓ Every/,
    )
    expect(restored.stdout).toContain('A backup holds no secret key, and none is here.')

    const again = await runRegulars(['restore', file, '--data', other])
    expect({ code: again.code, stdout: again.stdout }).toEqual({ code: 2, stdout: '' })
    expect(again.stderr).toContain(
      'is not empty (businesses has rows); restore into a new data folder or a new database.',
    )

    copyFileSync(join(folder, 'secret-key'), join(other, 'secret-key'))
    const copy = await up(['--data', other, '--sandbox', '--program', harborCoffee])
    expect(await ledgerOf(copy, guests[0].id, adminKey)).toEqual(ledger)
    await demo(copy)
    const verified = await runRegulars(['verify', '--data', other, '--json'])
    expect(verified).toMatchObject({ code: 0, stderr: '' })
    await stop(copy)

    const stopped = await runRegulars(['verify', '--data', other, '--json'])
    expect(stopped.code).toBe(0)
    const { seconds: _then, ...whileRunning } = JSON.parse(verified.stdout)
    expect(JSON.parse(stopped.stdout)).toMatchObject(whileRunning)
  }, 60_000)

  test('a file that is no backup is refused', async () => {
    const folder = temporaryFolder()
    const { code, stdout, stderr } = await runRegulars(['restore', harborCoffee, '--data', folder])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/The file \S+program\.json .+\.\n$/)
  })
})

async function demo({ line }: Ready): Promise<void> {
  const { code, stderr } = await runRegulars(['demo', '--url', line.url])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
}

async function stop(counter: Ready): Promise<void> {
  counter.process.kill('SIGTERM')
  expect(await counter.exited).toBe(0)
}

async function ledgerOf(
  { line }: Ready,
  guestId: number,
  adminKey: string,
): Promise<{ entries: unknown[] }> {
  const reply = await fetch(`${line.url}/regulars/ledger/${guestId}`, {
    headers: { authorization: `Bearer ${adminKey}` },
  })
  expect(reply.status).toBe(200)
  return (await reply.json()) as { entries: unknown[] }
}
