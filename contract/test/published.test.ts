import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { operations } from '../src/wire/operations.ts'
import { read } from '../src/wire/read.ts'
import {
  type Mistake,
  mistakes,
  notARequest,
  type Published,
  problemsOf,
  publishedOperations,
} from './published-descriptions.ts'

// The published descriptions are not ours to keep here: the check runs where a folder of them is.
const folder = process.env.REGULARS_PUBLISHED_OPENAPI

describe.skipIf(folder === undefined || folder === '')('the published descriptions', () => {
  const published = folder ? publishedOperations(folder) : new Map<string, Published>()
  const covered = operations.filter(({ method, path }) => published.has(`${method} ${path}`))

  test(`cover ${covered.length} of our ${operations.length} operations`, () => {
    process.stdout.write(
      `Published descriptions cover ${covered.length} of our ${operations.length} operations; ` +
        `we have ${covered.length} of the ${published.size} they describe.\n`,
    )
    expect(covered.length).toBeGreaterThanOrEqual(34)
  })

  for (const operation of covered) {
    const { requests } = published.get(`${operation.method} ${operation.path}`) as Published
    for (const [name, sent] of requests) {
      const reason = notARequest.get(`${operation.name} ${name}`)
      test.skipIf(reason !== undefined)(
        `${operation.name} accepts the published request "${name}"${reason ? `: ${reason}` : ''}`,
        () => {
          const request = Array.isArray(sent) ? {} : sent
          expect(read(operation.request, request)).toMatchObject({ kind: 'read' })
        },
      )
    }
  }

  const used = new Set<Mistake>()
  const examples = new URL('../examples/', import.meta.url)
  for (const operation of covered) {
    const { replies } = published.get(`${operation.method} ${operation.path}`) as Published
    const [status] = Object.keys(operation.replies).map(Number)
    test(`${operation.name} publishes the status ${status}`, () => {
      expect([...replies.keys()]).toContain(status)
    })
    const schema = replies.get(status as number)
    if (schema === undefined) continue
    for (const file of readdirSync(examples).filter((each) =>
      each.startsWith(`${operation.name}.reply`),
    )) {
      test(`${file} satisfies the published shape`, () => {
        const sent = JSON.parse(readFileSync(new URL(file, examples), 'utf8'))
        const problems = problemsOf(schema, sent).filter((problem) => {
          const mistake = mistakes.find((each) => each.covers(operation.name, problem))
          if (mistake !== undefined) used.add(mistake)
          return mistake === undefined
        })
        expect(problems.map(({ instancePath, message }) => `${instancePath} ${message}`)).toEqual(
          [],
        )
      })
    }
  }

  test('every mistake we allow for is still there', () => {
    expect(mistakes.filter((mistake) => !used.has(mistake)).map(({ reason }) => reason)).toEqual([])
  })
})
