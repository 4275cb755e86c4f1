import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { RecorderWatch } from './store/recorder.ts'

/** What Prometheus reads at /metrics: no guest and no key is in it. */
export type Metrics = {
  watchRecorder: RecorderWatch
  /** Counts the app's requests and answers GET /metrics. `now` holds what is read when asked. */
  serve(app: FastifyInstance, now: { waitingForDatabase(): number; sweeperLagMs(): number }): void
}

export function openMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'regulars_requests_total',
    help: 'Requests answered, by operation and HTTP status.',
    labelNames: ['operation', 'status'],
    registers,
  })
  const seconds = new Histogram({
    name: 'regulars_request_seconds',
    help: 'From the first byte of a request to the last of its reply.',
    labelNames: ['operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  })
  const refusals = new Counter({
    name: 'regulars_refusals_total',
    help: 'Calls refused, by the code of the refusal.',
    labelNames: ['code'],
    registers,
  })
  const groups = new Histogram({
    name: 'regulars_recorded_group_size',
    help: 'Changes written by one statement.',
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers,
  })
  const conflicts = new Counter({
    name: 'regulars_record_conflicts_total',
    help: 'Changes that met another of the same guest and were decided again.',
    registers,
  })

  return {
    watchRecorder(statement) {
      groups.observe(statement.changes)
      conflicts.inc(statement.conflicts)
    },
    serve(app, now) {
      gauge('regulars_database_waiting', {
        help: 'Statements that wait for a connection.',
        read: now.waitingForDatabase,
      })
      gauge('regulars_sweeper_lag_seconds', {
        help: 'How late the last round of the sweeper began what was due.',
        read: () => now.sweeperLagMs() / 1_000,
      })
      app.addHook('onResponse', async (request, reply) => {
        const operation = request.routeOptions.config.operation ?? 'other'
        requests.inc({ operation, status: reply.statusCode })
        seconds.observe({ operation }, reply.elapsedTime / 1_000)
        const code = reply.getHeader('Regulars-Code')
        if (typeof code === 'string') refusals.inc({ code })
      })
      app.get('/metrics', async (_request, reply) => {
        return reply.type(registry.contentType).send(await registry.metrics())
      })
    },
  }

  function gauge(name: string, { help, read }: { help: string; read: () => number }): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  }
}
