// OpenTelemetry: spans go nowhere until OTEL_* names an exporter; then the SDK is loaded.
import { context, propagation, type Span, SpanKind, trace } from '@opentelemetry/api'
import { environmentNames } from '../config/environment.ts'

const tracer = trace.getTracer('faultline')

let tracing = false

/** Do spans go anywhere? Where not, nobody pays for making them. */
export const isTracing = (): boolean => tracing

export interface Tracing {
  /** Sends what is still held back. */
  close(): Promise<void>
}

/**
 * Loads the tracer SDK and its OTLP/HTTP exporter where any OTEL_* variable is set
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
 */
export const startTracing = async (): Promise<Tracing> => {
  if (environmentNames('OTEL_').length === 0) return { close: async () => {} }
  const [{ TracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ])
  const provider = new TracerProvider({
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  })
  await registerTracing(provider)
  return { close: () => provider.shutdown() }
}

/** Makes a provider the process's own, with context that follows async calls and W3C headers. */
export const registerTracing = async (
  provider: Parameters<typeof trace.setGlobalTracerProvider>[0],
): Promise<void> => {
  const [{ AsyncLocalStorageContextManager }, { W3CTraceContextPropagator }] = await Promise.all([
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/core'),
  ])
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  trace.setGlobalTracerProvider(provider)
  tracing = true
}

type Carrier = Readonly<Record<string, string>>

/** Headers that carry the active span on; empty where there is none. */
export const traceHeaders = (): Record<string, string> => {
  const carrier: Record<string, string> = {}
  propagation.inject(context.active(), carrier)
  return carrier
}

/** Starts a span as a child of whatever `carrier` names. */
export const startSpan = (name: string, kind: SpanKind, carrier: Carrier): Span =>
  tracer.startSpan(name, { kind }, propagation.extract(context.active(), carrier))

/** Runs `next` with `span` active, also across its awaits. */
export const withSpan = <T>(span: Span, next: () => T): T =>
  context.with(trace.setSpan(context.active(), span), next)

export { SpanKind }
