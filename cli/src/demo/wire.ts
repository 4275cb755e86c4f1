import type { ProgramFile } from '@regulars/contract/program-file'
import type { Operation, ReplyOf } from '@regulars/contract/wire/operation'
import { CannotPlay } from './cannot-play.ts'

/** One call as it went over the wire. */
export type WireCall<Op extends Operation = Operation> = {
  method: string
  path: string
  /** What was sent: in the query string of a GET, in the body otherwise. */
  request: Readonly<Record<string, unknown>>
  /** What it said beside the keys, such as `Prefer`. */
  requestHeaders: Readonly<Record<string, string>>
  status: number
  /** As the operation's contract describes it when `status` is one of success. */
  reply: ReplyOf<Op>
  /** The headers that are ours: `Regulars-Code`, `Regulars-Retry`, `Regulars-Replay`. */
  headers: Readonly<Record<string, string>>
  milliseconds: number
}

export type CallOptions = {
  /** Which of the file's locations calls; the first without it. */
  location?: number
  params?: Readonly<Record<string, string | number>>
  headers?: Readonly<Record<string, string>>
}

/** Makes calls with the keys of a program file. */
export type Wire = {
  call<const Op extends Operation>(
    operation: Op,
    request: Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): Promise<WireCall<Op>>
}

const callMsMax = 15_000
const ourHeaders = ['Regulars-Code', 'Regulars-Retry', 'Regulars-Replay'] as const

/** Throws `CannotPlay` when nothing answers at `url`. */
export function openWire(url: string, program: ProgramFile): Wire {
  return {
    async call(operation, request, { location = 0, params = {}, headers = {} } = {}) {
      const { method, auth } = operation
      const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => `${params[name]}`)
      const inQuery = method === 'GET'
      const pairs = Object.entries(request).map(([name, value]): [string, string] => [
        name,
        String(value),
      ])
      const query = inQuery && pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ''
      const startedAt = performance.now()
      const { response, text } = await answer(`${url}${path}${query}`, {
        method,
        headers: {
          'user-agent': 'Regulars-Demo/1.0',
          'content-type': 'application/json',
          ...keysFor(auth, program, location),
          ...headers,
        },
        ...(inQuery ? {} : { body: JSON.stringify(request) }),
      })
      return {
        method,
        path: path + query,
        request,
        requestHeaders: headers,
        status: response.status,
        reply: parsed(text) as ReplyOf<typeof operation>,
        headers: Object.fromEntries(
          ourHeaders.flatMap((name) => {
            const value = response.headers.get(name)
            return value === null ? [] : [[name, value]]
          }),
        ),
        milliseconds: performance.now() - startedAt,
      }
    },
  }
}

async function answer(url: string, init: RequestInit) {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(callMsMax) })
    return { response, text: await response.text() }
  } catch {
    const { origin } = new URL(url)
    throw new CannotPlay(
      `No counter answers at ${origin}; start one with npm start, or name another with --url.`,
    )
  }
}

function keysFor(auth: Operation['auth'], program: ProgramFile, location: number) {
  const { business, locations } = program
  if (auth === 'admin_key') return { authorization: `Bearer ${business.admin_key}` }
  const key = locations[location]?.location_key
  return { authorization: `Token token=${key}, btoken=${business.business_key}` }
}

function parsed(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
