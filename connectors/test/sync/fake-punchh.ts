import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** What one call is answered with: a status and a body, or what happens to the connection instead. */
export type Answer =
  | { status: number; body: unknown; type?: string }
  | 'reset'
  | 'hang'
  | 'truncated'

/** One call as it came. */
export type Asked = {
  path: string
  key: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
}

export type FakePunchh = {
  url: string
  /** Every call so far: the key that was shown and the path. */
  asked: Asked[]
}

const example = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../../contract/examples/${name}.reply.json`, import.meta.url), 'utf8'),
  )

/** The settings of a store, as published, with what is changed. */
export function settings(change: object = {}): Record<string, unknown> {
  return { ...example('pos-configuration'), ...change }
}

/** A program, as published, with what is changed. */
export function program(change: object = {}): Record<string, unknown> {
  return { ...example('pos-meta'), ...change }
}

/**
 * A server that answers as a test says: `answer` sees each call, the first time with 1. What it
 * tells of the time is known to a second, in which a test has synced twice; it may tell nothing.
 */
export async function startFakePunchh(
  answer: (asked: Asked, time: number) => Answer,
  { tellsTime = true }: { tellsTime?: boolean } = {},
): Promise<FakePunchh> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake')
    const call = {
      path: pathname,
      key: keyIn(request.headers.authorization ?? ''),
      query: searchParams,
      headers: request.headers,
    }
    asked.push(call)
    response.sendDate = tellsTime
    const time = asked.filter(({ path, key }) => path === call.path && key === call.key).length
    reply(response, answer(call, time))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

function keyIn(authorization: string): string {
  const [, till, admin] = /^Token token=(.*), btoken=.*$|^Bearer (.*)$/.exec(authorization) ?? []
  return till ?? admin ?? ''
}

function reply(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang') return
  if (answer === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  if (answer === 'truncated') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
    response.write('{"location_id":')
    response.socket?.end()
    return
  }
  const { status, body, type = 'application/json' } = answer
  response.writeHead(status, { 'content-type': type })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}
