import { refuse } from '@regulars/contract/refusals'
import type { Surface } from '@regulars/contract/wire/operation'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Deps } from './deps.ts'
import type { Route } from './routes/call.ts'
import { countFailedAuthentications } from './routes/failed-authentications.ts'
import { routes } from './routes/routes.ts'
import { refuseWith, serve } from './routes/serve.ts'

export type AppOptions = {
  /** True behind a proxy: the guest's address is read from X-Forwarded-For. */
  trustProxy?: boolean
  /** Routes beside the wire's: the sandbox's. */
  moreRoutes?: readonly Route[]
  /** What stands around a route: the faults of the sandbox. */
  around?: (route: Route) => Route
}

/** A body beyond this is refused: 500 lines of a receipt with long names are a tenth of it. */
const bodyBytesMax = 1_048_576

/** A request that has not arrived whole by then is cut off: whoever trickles it holds a connection. */
const requestMsMax = 60_000

/** Longer than any member of a path that is read; the reader says what is too long. */
const pathMemberMax = 2_048

/** Builds the HTTP app from what it is given. Listens nowhere. */
export function buildApp(deps: Deps, options: AppOptions = {}): FastifyInstance {
  const app = fastify({
    loggerInstance: quietLog(deps) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    requestTimeout: requestMsMax,
    trustProxy: options.trustProxy ?? false,
    genReqId: () => deps.random.token(12),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: pathMemberMax },
    exposeHeadRoutes: false,
    // What the router itself gives up on: no hook runs for it.
    frameworkErrors(_error, request, reply) {
      reply.header('X-Request-Id', request.id)
      const problem = 'The path cannot be read.'
      return refuseWith(reply, surfaceOf(request.url), refuse('malformed_request', { problem }))
    },
  })
  // GET and DELETE carry JSON bodies on this wire.
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true })
  app.addHttpMethod('DELETE', { hasBody: true, overrideExisting: true })
  readBodiesAsBytes(app)

  app.addHook('onSend', async (request, reply) => {
    reply.header('X-Request-Id', request.id)
    reply.header('X-Runtime', (reply.elapsedTime / 1_000).toFixed(6))
  })
  if (deps.log.isLevelEnabled('debug')) logRequests(app, deps)
  app.setNotFoundHandler((request, reply) => {
    const [pathname = ''] = request.url.split('?')
    const refusal = refuse('unknown_path', { method: request.method, path: pathname })
    return refuseWith(reply, surfaceOf(pathname), refusal)
  })
  app.setErrorHandler((error: Error & { code?: string; statusCode?: number }, request, reply) => {
    const surface = surfaceOf(request.url)
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
      return refuseWith(reply, surface, refuse('request_too_large', { limit: '1 MiB' }))
    }
    if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
      return refuseWith(reply, surface, refuse('unsupported_media_type'))
    }
    if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
      return refuseWith(reply, surface, refuse('malformed_request', { problem: error.message }))
    }
    request.log.error({ err: error, requestId: request.id }, 'a fault')
    return reply
      .code(500)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify({ error: `Something went wrong here. Reference: ${request.id}` }))
  })
  const served = [...routes, ...(options.moreRoutes ?? [])]
  const { around = (route) => route } = options
  serve(app, deps, served.map(around), countFailedAuthentications())
  return app
}

// Fastify says on its own where it listens; whoever starts the app says it better.
function quietLog({ log }: Deps): Deps['log'] {
  return log.isLevelEnabled('info') ? log.child({}, { level: 'warn' }) : log
}

// Neither bodies nor headers: they hold keys and what guests told us.
function logRequests(app: FastifyInstance, { log }: Deps): void {
  app.addHook('onResponse', async (request, reply) => {
    log.debug(
      {
        requestId: request.id,
        operation: request.routeOptions.config.operation ?? 'other',
        status: reply.statusCode,
        code: reply.getHeader('Regulars-Code'),
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'answered',
    )
  })
}

// Tills misspell content types; whatever it says, a body is JSON. Its bytes are what was signed.
function readBodiesAsBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body)
  })
}

function surfaceOf(path: string): Surface {
  if (path.startsWith('/api2/mobile')) return 'mobile'
  if (path.startsWith('/api2/password_less')) return 'otp'
  if (path.startsWith('/api2/dashboard')) return 'admin'
  if (path.startsWith('/api/auth')) return 'online_ordering'
  return 'pos'
}
