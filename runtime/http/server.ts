// The one HTTP server: every role's routes, the console, health, metrics and the API's description.
import { existsSync } from 'node:fs'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { SpanStatusCode } from '@opentelemetry/api'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  LogController,
} from 'fastify'
import type { Config } from '../config/schema.ts'
import type { Logger } from '../observe/logger.ts'
import type { Metrics } from '../observe/metrics.ts'
import { isTracing, SpanKind, startSpan, withSpan } from '../observe/tracing.ts'
import { type Access, createGuard } from './access.ts'
import { createIngestGuard, type IngestGuardOptions, TOKEN_PREFIX } from './ingest-guard.ts'
import type { PeopleDoor } from './people-door.ts'
import { routeName } from './permissions.ts'
import { installProblems, sendProblem } from './problem.ts'
import { cookieNames } from './session-cookies.ts'

export interface Part {
  readonly name: string
  /** Rejects, with what is wrong, when the part cannot do its work now. */
  check(): Promise<void>
  /** What is wrong with it is said, and does not make the process unready. */
  readonly advisory?: boolean
}

export interface ServerOptions {
  readonly config: Config
  readonly logger: Logger
  readonly metrics: Metrics
  /** Brings the gauges up to date before they are read. */
  beforeScrape?(): void
  readonly parts: readonly Part[]
  readonly ingest: readonly FastifyPluginAsync[]
  readonly desk: readonly FastifyPluginAsync[]
  /** Without a guard: they see for themselves who may ask. */
  readonly public?: readonly FastifyPluginAsync[]
  /** Who may deliver by a key of its own; absent: people's and the configuration's tokens only. */
  readonly ingestDoor?: IngestGuardOptions
  /** Users, tokens and sessions; absent where another process has the desk. */
  readonly people?: PeopleDoor
  /** Told each route of the desk: `GET /api/v1/incidents`. */
  onRoute?(name: string): void
  /** Default 30 s. */
  readonly requestTimeoutMs?: number
  /** Where the built console lies; absent = no console. */
  readonly consoleDirectory?: string
}

const BODY_BYTES_MAX = 1024 * 1024
/** A request that has not arrived by then is answered with 408. */
const REQUEST_TIMEOUT_MS = 30_000
/** How often slow senders are looked for. */
const CHECK_EVERY_MS = 5_000
const KEEP_ALIVE_MS = 72_000
const URL_PARAM_LENGTH_MAX = 512

const CSP = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
}

export const createServer = async (options: ServerOptions): Promise<FastifyInstance> => {
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS } = options
  const app: FastifyInstance = Fastify({
    loggerInstance: options.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // One logger for all: a child for each request costs more than parsing an alert does.
    childLoggerFactory: (logger) => logger,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: requestTimeoutMs,
    http: {
      // Node lets the longer of the two decide.
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, requestTimeoutMs),
    },
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: URL_PARAM_LENGTH_MAX },
    forceCloseConnections: 'idle',
  })
  app.decorateRequest('actor', '')
  app.decorateRequest('identity')
  app.decorateRequest('limitedTo', undefined)
  app.decorateRequest('administers', false)
  app.decorateRequest('ingestKey', undefined)
  app.decorateRequest('keyInside', undefined)
  installProblems(app)
  installTracing(app)
  await app.register(swagger, DESCRIPTION)
  await installIngest(app, options)
  await app.register(pages(options))
  return app
}

/** All that people and their browsers read. */
const pages =
  (options: ServerOptions): FastifyPluginAsync =>
  async (scope) => {
    await scope.register(helmet, {
      contentSecurityPolicy: { useDefaults: false, directives: CSP },
      strictTransportSecurity: false,
    })
    await scope.register(cookie)
    await scope.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
    scope.get('/openapi.json', { schema: { hide: true } }, () => scope.swagger())
    installHealth(scope, options)
    await installDesk(scope, options)
    await installConsole(scope, options.consoleDirectory)
  }

const installTracing = (app: FastifyInstance): void => {
  if (!isTracing()) return
  app.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown'
    const carrier = { traceparent: String(request.headers.traceparent ?? '') }
    const span = startSpan(`${request.method} ${route}`, SpanKind.SERVER, carrier)
    reply.raw.once('close', () => {
      span.setAttribute('http.response.status_code', reply.statusCode)
      if (reply.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    })
    withSpan(span, done)
  })
}

const DESCRIPTION: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Faultline',
      version: '1',
      description: 'Alerts in, explained incidents out. Errors are problem+json (RFC 9457).',
    },
  },
}

const installHealth = (app: FastifyInstance, options: ServerOptions): void => {
  const { parts, metrics } = options
  const hidden = { schema: { hide: true } }
  app.get('/healthz', hidden, () => ({ status: 'ok' }))
  app.get('/readyz', hidden, async (_request, reply) => {
    const states = await Promise.all(
      parts.map(async ({ name, check, advisory = false }) =>
        check().then(
          () => [name, { status: 'ok' }] as const,
          (error: Error) => {
            const status = advisory ? 'warning' : 'failed'
            return [name, { status, detail: error.message }] as const
          },
        ),
      ),
    )
    const ready = states.every(([, state]) => state.status !== 'failed')
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ok' : 'failed', parts: Object.fromEntries(states) })
  })
  app.get('/metrics', hidden, async (_request, reply) => {
    options.beforeScrape?.()
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
}

const accessOf = ({ config, people }: ServerOptions): Access => ({
  auth: config.auth,
  cookie: cookieNames(config).session,
  ...(people === undefined ? {} : { people }),
})

/** Senders read no pages: their answers go without the headers and cookies of browsers. */
const installIngest = async (app: FastifyInstance, options: ServerOptions): Promise<void> => {
  const { ingest, ingestDoor } = options
  const access = accessOf(options)
  await app.register(async (scope) => {
    const guard =
      ingestDoor === undefined
        ? createGuard(access, 'ingest')
        : createIngestGuard(access, ingestDoor)
    scope.addHook('onRequest', guard)
    for (const routes of ingest) await scope.register(routes)
    await scope.register(underToken(ingest))
  })
}

const installDesk = async (app: FastifyInstance, options: ServerOptions): Promise<void> => {
  const { desk, onRoute } = options
  await app.register(async (scope) => {
    scope.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) onRoute?.(routeName(each, url))
    })
    scope.addHook('onRequest', createGuard(accessOf(options), 'desk'))
    for (const routes of desk) await scope.register(routes)
  })
  for (const routes of options.public ?? []) await app.register(routes)
}

/** All that senders use once more, for those that can only put their token into the URL. */
const underToken =
  (plugins: readonly FastifyPluginAsync[]): FastifyPluginAsync =>
  async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, hide: true }
    })
    for (const routes of plugins) await scope.register(routes, { prefix: TOKEN_PREFIX })
  }

/** Pages are served under any path that is not the API's, so that links can be shared. */
const installConsole = async (app: FastifyInstance, directory?: string): Promise<void> => {
  const present = directory !== undefined && existsSync(directory)
  if (present) await app.register(fastifyStatic, { root: directory, wildcard: false })
  app.setNotFoundHandler((request, reply) => {
    const page = request.method === 'GET' && String(request.headers.accept).includes('text/html')
    if (present && page && !request.url.startsWith('/api/')) return reply.sendFile('index.html')
    return sendProblem(reply, 404, 'not-found', `Nothing answers ${request.method} ${request.url}.`)
  })
}
