import { readFileSync } from 'node:fs'
import { type RefusalCode, refusals } from '@regulars/contract/refusals'
import {
  refreshTokens,
  sendOneTimeCode,
  verifyOneTimeCode,
} from '@regulars/contract/wire/password-less'
import { expect, test } from 'vitest'
import { digestMatches } from '../src/secrets.ts'

const page = (name: string) =>
  readFileSync(new URL(`../../docs/reference/${name}.md`, import.meta.url), 'utf8')

test('the check vectors that documents show are digests of what stands beside them', () => {
  const rows = page('authentication').matchAll(
    /^\| SHA-(1|256) \| `([^`]+)` \| (?:`([^`]+)`)? ?\| `([0-9a-f]+)` \|$/gm,
  )
  const checked = [...rows].map(([, bits, uri = '', body = '', digest = '']) =>
    digestMatches({
      hash: bits === '1' ? 'sha1' : 'sha256',
      secret: 'test-secret-0123456789',
      uri,
      body: Buffer.from(body),
      digest,
    }),
  )
  expect(checked).toEqual([true, true, true, true, true])
})

test('every refusal of Advanced Authentication is documented with its status and text', () => {
  const text = page('advanced-authentication')
  const codes = new Set<RefusalCode>(
    [sendOneTimeCode, verifyOneTimeCode, refreshTokens].flatMap((operation) => operation.refusals),
  )
  for (const code of codes) {
    const refusal = refusals[code]
    const words = refusal.text.replace('{name}', 'email')
    const mark = refusal.published ? '' : ' (*ours*)'
    expect(text).toContain(`| ${refusal.status} | \`${words}\`${mark}`)
  }
})
