import { readFileSync } from 'node:fs'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { control } from '../src/http/control.ts'
import { faultBounds, faultKinds } from '../src/http/faults.ts'
import type { StandInControl } from '../src/http/stand-in-control.ts'
import { advancedDaysMax } from '../src/world/world.ts'
import { type Body, call, connected } from './client.ts'

const page = readFileSync(new URL('../../docs/reference/sandbox-toast.md', import.meta.url), 'utf8')

function section(title: string): string {
  return page.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? ''
}

/** The cells of the rows whose first cell is code. */
function rowsOf(text: string): string[][] {
  return [...text.matchAll(/^\| (`.*) \|$/gm)].map(([, row = '']) => row.split(' | '))
}

function codesIn(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
}

test('the page lists the paths there are', async () => {
  const app = fastify({ exposeHeadRoutes: false })
  const routes: string[] = []
  app.addHook('onRoute', ({ method, url }) => void routes.push(`${method} ${url}`))
  control(app, {} as StandInControl)
  await app.ready()
  const listed = rowsOf(section('Paths')).flatMap(([path]) => codesIn(path))
  expect(listed.sort()).toEqual(routes.sort())
})

test('the page lists the kinds of faults there are, with their bounds', () => {
  const text = section('Faults')
  const [, , kinds = ''] = text.split(/^\|---.*$/m)
  expect(
    rowsOf(kinds)
      .flatMap(([kind]) => codesIn(kind))
      .sort(),
  ).toEqual([...faultKinds].sort())
  const { faultsMax, slowMsMax, slowMsDefault } = faultBounds
  expect(text).toContain(`At most ${faultsMax} are`)
  expect(text).toContain(`from 0 to ${slowMsMax}; ${slowMsDefault} without`)
  expect(section('Clock')).toContain(`at most ${advancedDaysMax} days`)
})

test('the page lists the members of a fault that are told to those who misspell one', () => {
  const text = section('Faults')
  const [, members = ''] = text.split(/^\|---.*$/m)
  const listed = rowsOf(members).flatMap(([member]) => codesIn(member))
  expect(text).toContain(`it has ${listed.join(', ')}"`)
})

test.each([
  { title: 'Clock', path: '/__advance', count: 10 },
  { title: 'Faults', path: '/__faults', count: 5 },
])('$path answers as the page says', async ({ title, path, count }) => {
  const cases = rowsOf(section(title)).filter(([body = '']) => body.startsWith('`{'))
  expect(cases).toHaveLength(count)
  const { standIn } = await connected({ ordersPerDay: 1, days: 1 })
  const headers = { 'content-type': 'application/json' }
  for (const [asked = '', status, reply = ''] of cases) {
    const body = codesIn(asked).join()
    const told = await call(standIn, path, headers, { method: 'POST', body })
    expect({ asked, status: String(told.status), reply: told.body }).toEqual({
      asked,
      status,
      reply: JSON.parse(codesIn(reply).join()),
    })
  }
})

test('requests and sales have the members that the page shows', async () => {
  const { standIn, get } = await connected({ ordersPerDay: 2, days: 2 })
  await get('/orders/v2/payments/01234567-89ab-4cde-8f01-23456789abcd', 0)
  const [requests, sale] = [...page.matchAll(/^```json\n(.*?)\n```$/gms)].map(([, json = '']) =>
    JSON.parse(json),
  ) as Body[]
  const counted = (await call(standIn, '/__requests', {})).body
  expect(Object.keys(counted)).toContain(Object.keys(requests)[1])
  const [first = ''] = (await call(standIn, '/__truth/sales', {})).text.split('\n')
  const kinds = (row: object) => Object.entries(row).map(([name, value]) => [name, typeof value])
  expect(kinds(JSON.parse(first))).toEqual(kinds(sale))
})
