// Serves the documentation at /docs/guide: the pages of this very version, without a network.
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyPluginAsync } from 'fastify'
import { sendProblem } from '../http/problem.ts'
import { GUIDE, type Guide, type GuidePage, readGuide } from './pages.ts'
import { STYLE } from './style.ts'

/** The repository, or `dist/`, which the build fills with the same files. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const TYPES: Readonly<Record<string, string>> = { '.png': 'image/png', '.svg': 'image/svg+xml' }

const linkTo = ({ path, title }: GuidePage, here: string): string => {
  const current = path === here ? ' aria-current="page"' : ''
  return `<a href="${GUIDE}/${path}"${current}>${title}</a>`
}

const pageHtml = ({ path, title, html }: GuidePage, { contents }: Guide): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} · Faultline</title>
<link rel="stylesheet" href="${GUIDE}/guide.css">
</head>
<body>
<nav aria-label="Contents">
<a class="home" href="${GUIDE}">Faultline guide</a>
${contents.map((page) => linkTo(page, path)).join('\n')}
<a href="/docs">API</a>
<a href="/">Console</a>
</nav>
<main>
${html}</main>
</body>
</html>
`

export const guideRoutes =
  (root = ROOT): FastifyPluginAsync =>
  async (app) => {
    const guide = readGuide(root)
    const hidden = { schema: { hide: true } }
    app.get(`${GUIDE}/guide.css`, hidden, (_request, reply) => reply.type('text/css').send(STYLE))
    const send = (path: string) => {
      const page = guide.pages.get(path)
      return page === undefined ? undefined : pageHtml(page, guide)
    }
    app.get(GUIDE, hidden, (_request, reply) => reply.type('text/html').send(send('')))
    app.get<{ Params: { '*': string } }>(`${GUIDE}/*`, hidden, (request, reply) => {
      const path = request.params['*'].replace(/\/$/, '')
      // Only what was found at the start is served: a path is a key here, never a file's name.
      const picture = guide.pictures.get(path)
      if (picture !== undefined)
        return reply.type(TYPES[extname(picture)]!).send(readFileSync(picture))
      const html = send(path)
      return html === undefined
        ? sendProblem(reply, 404, 'not-found', `The guide has no page ${path}; see ${GUIDE}.`)
        : reply.type('text/html').send(html)
    })
  }
