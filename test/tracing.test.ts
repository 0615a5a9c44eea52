// One trace leads from a monitoring tool's request to the incident on the desk.
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../runtime/config/load.ts'
import { createLogger } from '../runtime/observe/logger.ts'
import { registerTracing } from '../runtime/observe/tracing.ts'
import { type Faultline, serve } from '../runtime/serve.ts'
import { eventually, removeDirectory, scratchDirectory } from './support/processes.ts'

const data = scratchDirectory('tracing')
const spans = new InMemorySpanExporter()
let faultline: Faultline

beforeAll(async () => {
  await registerTracing(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
  )
  faultline = await serve({
    config: loadConfig(undefined, { data, listen: { port: 0 } }),
    roles: ['ingest', 'correlator', 'ticketing'],
    logger: createLogger('error'),
    failed: (error) => {
      throw error
    },
  })
})

afterAll(async () => {
  await faultline.stop()
  removeDirectory(data)
})

describe('a trace', () => {
  test('begun by the sender goes through ingest, correlator and desk', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const response = await fetch(`${faultline.url}/api/v1/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      },
      body: JSON.stringify({ name: 'DiskFull', severity: 'critical', labels: { host: 'web-1' } }),
    })
    expect(response.ok).toBe(true)
    const names = await eventually('the desk’s span', 20_000, () => {
      const own = spans.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId)
      const found = own.map((span) => span.name)
      return found.includes('ticketing process incidents') ? found : undefined
    })
    expect(names).toContain('POST /api/v1/events')
    expect(names).toContain('correlator process events')
  })
})
