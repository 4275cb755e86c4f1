import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Agent, request } from 'undici'

/** What came back, read to its end. */
export type Reply = {
  status: number
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  body: Buffer
  /** Without the wait for leave to read the body. */
  tookMs: number
}

export type Http = {
  /** Throws what went wrong on the way: no connection, no answer in time, a body cut short. */
  send(url: URL, options: SendOptions): Promise<Reply>
  close(): Promise<void>
}

type SendOptions = {
  method: 'GET' | 'POST'
  headers: Readonly<Record<string, string>>
  body?: string
  signal?: AbortSignal
  /** Told of a reply's headers; its body is read when this resolves. Must not reject. */
  arriving?(headers: Reply['headers']): Promise<void>
}

/** `bodyMs` is between two parts of a body, `wholeMs` from the first byte sent to the last received. */
export type Timeouts = { connectMs: number; headersMs: number; bodyMs: number; wholeMs: number }

export const usualTimeouts: Timeouts = {
  connectMs: 10_000,
  headersMs: 60_000,
  bodyMs: 60_000,
  wholeMs: 300_000,
}

const connectionsPerOrigin = 128
const bodyBytesMax = 256 * 2 ** 20

const gunzipped = promisify(gunzip)

/** A pool of kept connections; every wait has its timeout. */
export function openHttp(timeouts: Timeouts = usualTimeouts): Http {
  const { connectMs, headersMs, bodyMs, wholeMs } = timeouts
  const dispatcher = new Agent({
    connections: connectionsPerOrigin,
    connect: { timeout: connectMs },
    headersTimeout: headersMs,
    bodyTimeout: bodyMs,
  })
  return {
    async send(url, { method, headers, body, signal, arriving }) {
      const startedAt = performance.now()
      const bound = within(wholeMs, signal)
      try {
        const reply = await request(url, {
          method,
          headers: { ...headers, 'accept-encoding': 'gzip' },
          body: body ?? null,
          dispatcher,
          signal: bound.signal,
        })
        const flat = flatten(reply.headers)
        const arrivedAt = performance.now()
        await arriving?.(flat)
        const waitedMs = performance.now() - arrivedAt
        const raw = await wholeOf(reply.body)
        const isPacked = flat['content-encoding'] === 'gzip'
        const text = isPacked ? await gunzipped(raw, { maxOutputLength: bodyBytesMax }) : raw
        const tookMs = performance.now() - startedAt - waitedMs
        return { status: reply.statusCode, headers: flat, body: text, tookMs }
      } finally {
        bound.release()
      }
    },
    close: () => dispatcher.close(),
  }
}

/** A signal that is aborted with `signal`, or when the time is over; nothing of it stays behind. */
function within(ms: number, signal: AbortSignal | undefined) {
  const controller = new AbortController()
  const stop = () => controller.abort(signal?.reason)
  const timer = setTimeout(() => controller.abort(new Error(`no whole reply in ${ms} ms`)), ms)
  signal?.addEventListener('abort', stop, { once: true })
  if (signal?.aborted === true) stop()
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    },
  }
}

async function wholeOf(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of body) {
    bytes += part.length
    if (bytes > bodyBytesMax) throw new Error(`the reply is larger than ${bodyBytesMax} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join() : value
  }
  return flat
}
