import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { hourMs } from '../world/instants.ts'
import type { StandInControl } from './stand-in-control.ts'

/**
 * What no Toast has, all below `/__` and without a token. The paths, their bodies and replies are in
 * docs/reference/sandbox-toast.md, which is tested against this.
 */
export function control(app: FastifyInstance, standIn: StandInControl): void {
  const now = () => ({ now: new Date(standIn.now()).toISOString() })
  app.get('/__now', now)
  app.post('/__advance', (request, reply) =>
    orRefused(reply, () => {
      standIn.advance(spanMs(request.body))
      return now()
    }),
  )
  app.post('/__archived', (request, reply) =>
    orRefused(reply, () => {
      standIn.archive(request.body)
      return { archived: request.body }
    }),
  )
  app.post('/__faults', (request, reply) =>
    orRefused(reply, () => {
      standIn.orderFault(request.body)
      return { ordered: true }
    }),
  )
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

async function orRefused(reply: FastifyReply, act: () => object): Promise<object> {
  try {
    return act()
  } catch (error) {
    return reply.status(400).send({ message: error instanceof Error ? error.message : '' })
  }
}

/** Throws for what says no span, or says it by a name we do not know. */
function spanMs(body: unknown): number {
  const spans = Object.entries(typeof body === 'object' && body !== null ? body : {})
  if (spans.length === 0) throw new Error(`name a span: ${Object.keys(spanUnits).join(' or ')}`)
  let total = 0
  for (const [name, count] of spans) {
    const unit = spanUnits[name]
    if (unit === undefined) {
      throw new Error(`${name} is no span; there are ${Object.keys(spanUnits).join(' and ')}`)
    }
    if (typeof count !== 'number' || !(count >= 0)) {
      throw new Error(`${name} must be a number of 0 or more`)
    }
    total += count * unit
  }
  return total
}

const spanUnits: Readonly<Record<string, number>> = { hours: hourMs, ms: 1 }

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
