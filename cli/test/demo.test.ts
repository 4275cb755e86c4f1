import { describe, expect, test } from 'vitest'
import { harborCoffee, runRegulars, up } from './running.ts'

const sandbox = ['--data', 'memory', '--sandbox', '--program', harborCoffee]

describe('regulars demo', () => {
  test('plays a sale as often as it is asked to, in 100 columns', async () => {
    const { line } = await up(sandbox)
    for (const _round of [1, 2]) {
      const { code, stdout, stderr } = await runRegulars(['demo', '--url', line.url])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const lines = stdout.split('\n')
      expect(lines.filter((one) => [...one].length > 100)).toEqual([])
      expect(stdout).toContain('{ "outcome": "refused", "nearest_miss": "needs 1 more Pastries" }')
      expect(stdout).toContain('← 422  Regulars-Code: basket_locked')
      expect(stdout).toContain('← 200  Regulars-Replay: stored')
      const [, ledger = ''] = stdout.split('Her whole ledger\n')
      expect(ledger.split('\n').slice(0, 8).map(squeezed)).toEqual([
        '#1 + 50 points gifted → guest gift lot 1',
        '#2 + 400 points gifted → guest gift lot 2',
        '#3 + 2.50 currency gifted → guest gift lot 3',
        '#4 − 50 points guest → redeemed redemption lot 1',
        '#5 − 150 points guest → redeemed redemption lot 2',
        '#6 − 2.00 currency guest → redeemed redemption lot 3',
        '#7 + 33 points earned → guest_pending checkin lot 4',
        '= 250 points and 33 pending, 0.50 banked',
      ])
    }
  })

  test('prints each call as a line of JSON with the entries it made', async () => {
    const { line } = await up(sandbox)
    const { code, stdout } = await runRegulars(['demo', '--url', line.url, '--json'])
    expect(code).toBe(0)
    const calls = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text))
    const entriesOf = (scene: string) =>
      calls.find((call) => call.scene === scene).entries.map((entry: { seq: number }) => entry.seq)
    expect(calls.map(({ scene, status }) => `${status} ${scene}`)).toEqual([
      '200 sign_up',
      '201 gift_reward',
      '201 gift_points',
      '201 gift_currency',
      '200 find',
      '200 look_up',
      '200 select',
      '200 query',
      '422 other_till',
      '200 query_again',
      '200 commit',
      '200 commit_again',
      '200 check_in',
      '200 receipt',
      '200 balance',
    ])
    expect(entriesOf('commit')).toEqual([4, 5, 6])
    expect(entriesOf('commit_again')).toEqual([])
    const [first, again] = calls.filter(({ scene }) => scene.startsWith('commit'))
    expect(again.reply).toEqual(first.reply)
  })

  test('says in a sentence why it cannot play', async () => {
    const { line } = await up(sandbox)
    const bakery = harborCoffee.replace('harbor-coffee', 'corner-bakery')
    for (const [args, sentence] of [
      [['--url', 'http://127.0.0.1:9'], /^No counter answers at http:\/\/127\.0\.0\.1:9; .+\.\n$/],
      [
        ['--url', line.url, '--program', bakery],
        /^The counter at \S+ does not know the keys of Corner Bakery; .+\.\n$/,
      ],
    ] as const) {
      const { code, stdout, stderr } = await runRegulars(['demo', ...args])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(sentence)
    }
  })
})

function squeezed(line: string): string {
  return line.trim().replaceAll(/ +/g, ' ')
}
