import { refuse } from '@regulars/contract/refusals'
import {
  onlineBatchRedemptions,
  posBatchRedemptions,
} from '@regulars/contract/wire/batch-redemptions'
import { sandboxOrderFault } from '@regulars/contract/wire/sandbox'
import type { FastifyInstance } from 'fastify'
import type { Call, Route } from '../routes/call.ts'
import { route } from '../routes/call.ts'
import { findStoredBusiness } from '../store/businesses.ts'

type Fault = {
  kind: 'drop_before' | 'drop_after' | 'delay'
  delayMs: number
  /** Null waits for a commit of any business. */
  businessId: number | null
}

/** Faults that were ordered; each happens once, to the first commit it is meant for. */
export type Faults = {
  routes: readonly Route[]
  /** A route that does what was ordered; routes that commit nothing stay as they are. */
  around(inner: Route): Route
  /** Makes `app` cut the connections that are to be dropped. Before it is ready. */
  cutFrom(app: FastifyInstance): void
}

const delayMsMax = 60_000
const orderedMax = 100

const committing: ReadonlySet<string> = new Set([
  posBatchRedemptions.name,
  onlineBatchRedemptions.name,
])

export function openFaults(): Faults {
  const ordered: Fault[] = []
  const toCut = new Set<string>()

  function take(businessId: number): Fault | null {
    const index = ordered.findIndex((one) => (one.businessId ?? businessId) === businessId)
    return ordered.splice(index, index < 0 ? 0 : 1)[0] ?? null
  }

  return {
    routes: [
      route(sandboxOrderFault, async (deps, { request }) => {
        const { kind, delay_ms: delayMs, business } = request
        if (kind === 'delay' && delayMs === undefined) {
          return refuse('missing_parameter', { name: 'delay_ms' })
        }
        if (delayMs !== undefined && delayMs > delayMsMax) {
          const problem = `it must be at most ${delayMsMax}`
          return refuse('invalid_parameter', { name: 'delay_ms', problem })
        }
        const found = business === undefined ? null : await findStoredBusiness(deps.db, business)
        if (business !== undefined && found === null) {
          return refuse('invalid_parameter', {
            name: 'business',
            problem: 'there is none of that id',
          })
        }
        if (ordered.length >= orderedMax) {
          const problem = `${orderedMax} faults are waiting already`
          return refuse('invalid_parameter', { name: 'kind', problem })
        }
        ordered.push({ kind, delayMs: delayMs ?? 0, businessId: found?.businessId ?? null })
        const body = {
          kind,
          delay_ms: kind === 'delay' ? (delayMs ?? null) : null,
          business: business ?? null,
        }
        return { kind: 'reply', status: 201, body }
      }),
    ],

    around(inner) {
      if (!committing.has(inner.operation.name)) return inner
      return {
        ...inner,
        async handle(deps, call) {
          const fault = isCommit(call) ? take(businessOf(call)) : null
          if (fault === null) return inner.handle(deps, call)
          if (fault.kind !== 'delay') toCut.add(call.requestId)
          // What is answered here reaches nobody: the connection is cut first.
          if (fault.kind === 'drop_before') return refuse('try_again')
          await new Promise((resolve) => setTimeout(resolve, fault.delayMs))
          return inner.handle(deps, call)
        },
      }
    },

    cutFrom(app) {
      app.addHook('onSend', async (request) => {
        if (toCut.delete(request.id)) request.raw.socket.destroy()
      })
    },
  }
}

function isCommit({ request }: Call): boolean {
  return (request as { query?: boolean }).query !== true
}

function businessOf({ caller }: Call): number {
  return (caller as { businessId: number }).businessId
}
