// Test support: ClickHouse's HTTP interface answered by chDB, so that the client's real HTTP path runs.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Session } from 'chdb'

/** What the front needs of the engine: run one or more statements, give the last one's answer. */
type RunSql = (sql: string, format: string) => Promise<Uint8Array>

export interface HttpFront {
  readonly url: string
  /** What to do with the next requests: `lose-answer` carries them out and cuts the connection. */
  behave(mode: 'answer' | 'lose-answer' | 'refuse'): void
  close(): Promise<void>
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

const CLICKHOUSE_CODE = /Code: (\d+)/

const answerError = (response: ServerResponse, error: unknown): void => {
  const text = error instanceof Error ? error.message : String(error)
  const code = CLICKHOUSE_CODE.exec(text)?.[1] ?? '1002'
  response.writeHead(500, { 'x-clickhouse-exception-code': code })
  response.end(text)
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`

const parameterStatements = (url: URL): string[] =>
  [...url.searchParams]
    .filter(([name]) => /^param_\w+$/.test(name))
    .map(([name, value]) => `SET ${name} = ${quoted(value)}`)

const listen = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
  })

/** Serves `GET /ping` and `POST /?query=…&param_…`; settings in the URL are ignored. */
const startFront = async (run: RunSql): Promise<HttpFront> => {
  let mode: 'answer' | 'lose-answer' | 'refuse' = 'answer'
  let turn: Promise<unknown> = Promise.resolve()
  // Parameters are set in the engine's one session: no two requests at a time.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work, work)
    turn = mine
    return mine
  }
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://front')
    if (url.pathname === '/ping') return void response.end('Ok.\n')
    const body = await bodyOf(request)
    if (mode === 'refuse') return void request.socket.destroy()
    const statement = [url.searchParams.get('query'), body].filter(Boolean).join('\n')
    const sql = [...parameterStatements(url), statement].join(';\n')
    const format = url.searchParams.get('default_format') ?? 'TabSeparated'
    const bytes = await inTurn(() => run(sql, format))
    if (mode === 'lose-answer') return void request.socket.destroy()
    response.end(bytes)
  }
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => answerError(response, error))
  })
  const url = await listen(server)
  return {
    url,
    behave(next) {
      mode = next
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** A front over a chDB of its own; one per test file, like chDB itself. */
export const startHttpFront = async (): Promise<HttpFront> => {
  const directory = await mkdtemp(join(tmpdir(), 'faultline-front-'))
  const session = new Session(directory)
  const front = await startFront(async (sql, format) =>
    (await session.queryAsync(sql, { format })).bytes(),
  )
  return {
    ...front,
    async close() {
      await front.close()
      session.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
