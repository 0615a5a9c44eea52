// Starts the real program for a test, as a person would, and talks to its API.
import { join } from 'node:path'
import { eventually, ROOT, type Running, start } from './processes.ts'

export interface FaultlineProcess extends Running {
  readonly url: string
  get<T>(path: string): Promise<T>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
}

const READY = /Faultline is ready: (http:\/\/\S+)/
const READY_WITHIN_MS = 60_000

export const startFaultline = async (options: {
  readonly data: string
  /** Only this role. */
  readonly role?: string
  readonly args?: readonly string[]
  readonly env?: Record<string, string>
  /** Before the command, e.g. to run it in a network namespace. */
  readonly via?: readonly string[]
  /** Default a minute. */
  readonly readyWithinMs?: number
  /** Told of the program before it is ready. */
  readonly started?: (running: Running) => void
}): Promise<FaultlineProcess> => {
  const words = [...(options.via ?? []), process.execPath]
  const running = start(
    words[0]!,
    [
      ...words.slice(1),
      '--import',
      'tsx',
      join(ROOT, 'runtime/cli/main.ts'),
      'serve',
      '--port',
      '0',
      '--data',
      options.data,
      ...(options.role === undefined ? [] : ['--role', options.role]),
      ...(options.args ?? []),
    ],
    { FAULTLINE_LOG_LEVEL: 'warn', ...options.env },
  )
  options.started?.(running)
  const ready = eventually(
    'the ready line',
    options.readyWithinMs ?? READY_WITHIN_MS,
    () => READY.exec(running.output())?.[1],
  )
  const url = await Promise.race([ready, running.gone.then(exitedEarly)]).catch((error: Error) => {
    running.child.kill('SIGKILL')
    throw new Error(`${error.message}\n${running.output()}`)
  })
  return {
    ...running,
    url,
    get: async (path) => {
      const response = await fetch(url + path)
      if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`)
      return (await response.json()) as never
    },
    post: (path, body, headers = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}

const exitedEarly = (code: number | null): never => {
  throw new Error(`exited with ${code} before it was ready`)
}

export interface IncidentItem {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly status: string
  readonly alertCount: number
  readonly occurrenceCount: number
}

export interface IncidentPage extends IncidentItem {
  readonly alerts: readonly {
    readonly id: string
    readonly name: string
    readonly status: string
    readonly source: string
    readonly occurrences: number
    readonly evidence: readonly { readonly signal: string; readonly text: string }[]
  }[]
  readonly timeline: readonly { readonly kind: string; readonly text: string }[]
  readonly hints: readonly { readonly ci: string }[]
}

export const incidentsOf = async (faultline: FaultlineProcess): Promise<IncidentItem[]> =>
  (await faultline.get<{ items: IncidentItem[] }>('/api/v1/incidents?limit=200')).items
