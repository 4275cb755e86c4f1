import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Answer } from './answer.ts'
import type { FaultKind } from './faults.ts'

const gzipped = promisify(gzip)

/** Bodies up to so many bytes are sent as they are. */
const plainBytesMax = 1024

/** Sends an answer as JSON, compressed for who asked for that. */
export async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, body, headers = {} }: Answer,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) reply.raw.setHeader(name, value)
  const bytes = Buffer.from(JSON.stringify(body))
  reply.status(status).type('application/json;charset=UTF-8')
  if (bytes.length <= plainBytesMax || !wantsGzip(request)) {
    await reply.send(bytes)
    return
  }
  reply.header('Content-Encoding', 'gzip')
  await reply.send(await gzipped(bytes, { level: constants.Z_BEST_SPEED }))
}

/** Breaks a reply in one of the ways that networks and servers do. */
export async function sendBroken(
  kind: FaultKind,
  reply: FastifyReply,
  body: unknown,
): Promise<void> {
  if (kind === 'not-json') {
    await reply.status(200).type('text/html').send('<html><body>Bad gateway</body></html>')
    return
  }
  if (kind === 'empty') {
    await reply.status(200).type('application/json').send('')
    return
  }
  reply.hijack()
  if (kind === 'reset') {
    reply.raw.socket?.resetAndDestroy()
    return
  }
  // What is left is half of a reply that promised to be whole.
  const bytes = Buffer.from(JSON.stringify(body))
  reply.raw.writeHead(200, {
    'content-type': 'application/json',
    'content-length': String(bytes.length),
  })
  reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
    reply.raw.socket?.destroy()
  })
}

function wantsGzip({ headers }: FastifyRequest): boolean {
  return /\bgzip\b/i.test(String(headers['accept-encoding'] ?? ''))
}
