// Serves a built console with the production policy and the made-up API, as browser tests need it.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { createFixtureApi, type FixtureApi } from './api.ts'
import type { FixtureOptions } from './desk.ts'

/** The policy of runtime/http/server.ts. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; " +
  "form-action 'self'; frame-ancestors 'none'"

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

export interface FixtureServer {
  readonly origin: string
  readonly api: FixtureApi
  close(): Promise<void>
}

/** Files as they are; any other address is a page, and pages are index.html. */
const readAsset = async (directory: string, path: string): Promise<[Buffer, string]> => {
  const file = normalize(path === '/' ? '/index.html' : path)
  try {
    return [await readFile(join(directory, file)), TYPES[extname(file)] ?? 'text/plain']
  } catch {
    return [await readFile(join(directory, 'index.html')), 'text/html; charset=utf-8']
  }
}

export const serveFixtures = async (
  directory: string,
  options: FixtureOptions,
): Promise<FixtureServer> => {
  const api = createFixtureApi(options)
  const server = createServer((request, response) => {
    const respond = async (): Promise<void> => {
      if (await api.handle(request, response)) return
      const { pathname } = new URL(request.url ?? '/', 'http://fixture')
      const [bytes, type] = await readAsset(directory, pathname)
      response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY })
      response.end(bytes)
    }
    respond().catch((error: Error) => response.writeHead(500).end(error.message))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    api,
    close: () =>
      new Promise((resolve) => {
        api.cut()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
