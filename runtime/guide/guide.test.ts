// The guide shows every page of the documentation, with links that lead somewhere.
import Fastify from 'fastify'
import { beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../../test/support/processes.ts'
import { GUIDE, readGuide } from './pages.ts'
import { guideRoutes } from './routes.ts'

const guide = readGuide(ROOT)
const app = Fastify()
beforeAll(async () => {
  await app.register(guideRoutes(ROOT))
})
const get = async (url: string) => app.inject({ url })

describe('the guide', () => {
  test('has the index, a page for each audience, the sources and both references', () => {
    for (const path of ['', 'operations', 'configuration', 'kpis', 'sources', 'sources/zabbix'])
      expect(guide.pages.has(path), path).toBe(true)
    expect(guide.contents.length).toBeGreaterThan(5)
  })

  test.each([...guide.pages.keys()])(
    '%s: every link within the guide leads somewhere',
    async (path) => {
      const response = await get(`${GUIDE}/${path}`)
      expect(response.statusCode).toBe(200)
      expect(response.headers['content-type']).toContain('text/html')
      const targets = [...response.body.matchAll(/(?:href|src)="(\/docs\/guide[^"#]*)/g)].map(
        ([, target]) => target!,
      )
      for (const target of new Set(targets))
        expect((await get(target)).statusCode, target).toBe(200)
    },
  )

  test.each(['../package.json', '..%2fpackage.json', 'images/../../package.json', 'nothing'])(
    'a path that is no page gives nothing away: %s',
    async (path) => {
      expect((await get(`${GUIDE}/${path}`)).statusCode).toBe(404)
    },
  )

  test('pages carry no script and no style of their own, so that the strict CSP holds', async () => {
    for (const { html } of guide.pages.values()) expect(html).not.toMatch(/<script|<style|style=/)
  })
})
