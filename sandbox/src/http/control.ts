import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { StandInControl } from './stand-in-control.ts'

/**
 * What no Toast has, all below `/__` and without a token:
 *
 * - `POST /__advance {"hours": n}` or `{"ms": n}` moves the world on; answers `{"now"}`
 * - `GET /__now` answers `{"now"}`, ISO 8601
 * - `POST /__archived ["guid"]` archives these restaurants, and brings all others back
 * - `POST /__faults {"kind", "rate" | "times", "path"?, "restaurant"?, "ms"?}` orders a fault,
 *   `DELETE /__faults` takes all of them back
 * - `GET /__requests` counts what was asked per path and status, `DELETE /__requests` begins anew
 * - `GET /__truth` is what is so, one `{"table", "row"}` a line; `GET /__truth/sales` the net sales
 *   per restaurant and business date, one a line
 */
export function control(app: FastifyInstance, standIn: StandInControl): void {
  const now = () => ({ now: new Date(standIn.now()).toISOString() })
  app.get('/__now', now)
  app.post('/__advance', async (request, reply) => {
    const ms = milliseconds(request.body)
    if (ms === null) return reply.status(400).send({ message: 'hours or ms must be 0 or more' })
    standIn.advance(ms)
    return now()
  })
  app.post('/__archived', async (request, reply) => {
    try {
      standIn.archive(request.body)
    } catch (error) {
      return reply.status(400).send({ message: error instanceof Error ? error.message : '' })
    }
    return { archived: request.body }
  })
  app.post('/__faults', async (request, reply) => {
    try {
      standIn.orderFault(request.body)
    } catch (error) {
      return reply.status(400).send({ message: error instanceof Error ? error.message : '' })
    }
    return { ordered: true }
  })
  app.delete('/__faults', async () => {
    standIn.clearFaults()
    return { ordered: false }
  })
  app.get('/__requests', async () => standIn.requests())
  app.delete('/__requests', async () => {
    standIn.clearRequests()
    return {}
  })
  app.get('/__truth', (_request, reply) =>
    reply.type('application/x-ndjson').send(lines(standIn.truth())),
  )
  app.get('/__truth/sales', (_request, reply) =>
    reply.type('application/x-ndjson').send(lines(standIn.salesByDay())),
  )
}

function milliseconds(body: unknown): number | null {
  if (typeof body !== 'object' || body === null) return null
  const { hours = 0, ms = 0 } = body as Record<string, unknown>
  if (typeof hours !== 'number' || typeof ms !== 'number') return null
  const total = hours * 3_600_000 + ms
  return total >= 0 && Number.isFinite(total) ? total : null
}

/** Lines of JSON, some thousand characters at a time: one write per row would be slow. */
const chunkCharacters = 64_000

function lines(things: AsyncIterable<unknown>): Readable {
  return Readable.from(chunks(things))
}

async function* chunks(things: AsyncIterable<unknown>): AsyncIterable<string> {
  let chunk = ''
  for await (const thing of things) {
    chunk += `${JSON.stringify(thing)}\n`
    if (chunk.length < chunkCharacters) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}
