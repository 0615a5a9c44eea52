// What holds for every page: access for all, the policy, phones, the size of the first screen.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  accessibilityFaults,
  type Bench,
  COLOUR_RULES,
  openBench,
  PHONE,
  skipped,
  takePicture,
  visitingWith,
} from './browser.ts'

const FIRST_SCREEN_BYTES_MAX = 100_000

const nameOf = (path: string): string => path.slice(1).replace(/[^a-z0-9]+/g, '-')

/** px: of what can be scrolled to sideways. */
const widestOf = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const main = document.querySelector('main')
    return Math.max(document.documentElement.scrollWidth, main?.scrollWidth ?? 0)
  })

let bench: Bench
const visiting = visitingWith(() => bench)

describe.skipIf(skipped)('the pages in a browser', () => {
  beforeAll(async () => {
    bench = await openBench()
  })
  afterAll(() => bench?.close())

  describe('the rest', () => {
    test('a cause recorded with its workaround makes a known error', () =>
      visiting(async ({ page, server, open }) => {
        await open('/problems/pr-3')
        await page.keyboard.press('c')
        await page
          .getByLabel('Cause', { exact: true })
          .fill('Session timeout below the poll interval')
        await page.getByLabel(/Workaround/).fill('Raise it to 60 s')
        await page.getByRole('dialog').getByRole('button', { name: 'Record cause' }).click()
        await page.locator('.status', { hasText: 'known error' }).waitFor()
        expect(server.api.posts[0]?.body).toEqual({
          cause: 'Session timeout below the poll interval',
          workaround: 'Raise it to 60 s',
        })
      }))

    test('a silence says what it would mute before it is made', () =>
      visiting(async ({ page, server, open }) => {
        await open('/silences')
        await page.getByRole('button', { name: 'Silence', exact: true }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByLabel(/Matchers/).fill('service="es-search"')
        await dialog.getByLabel('Why').fill('Index rebuild')
        await dialog.getByRole('button', { name: 'Silence', exact: true }).click()
        await page.getByText('It mutes 3 alerts that fire now.').waitFor()
        expect(server.api.posts.map(({ path }) => path)).toEqual([
          '/api/v1/silences/preview',
          '/api/v1/silences',
        ])
        expect(server.api.posts[1]?.body).toMatchObject({
          matchers: 'service="es-search"',
          comment: 'Index rebuild',
        })
      }))

    test('a key of a new source is shown once, with what to do with it', () =>
      visiting(async ({ page, open }) => {
        await open('/sources')
        await page.getByRole('button', { name: 'Add a source' }).click()
        const form = page.getByRole('dialog')
        await form.getByLabel(/Name/).fill('Zabbix, Oslo')
        await form.getByLabel(/Tool/).fill('zabbix')
        await form.getByRole('button', { name: 'Add' }).click()
        const shown = page.getByRole('dialog', { name: 'Key of Zabbix, Oslo' })
        await shown.getByText('fl_abcdefghijklmnop', { exact: true }).waitFor()
        await shown.getByText('/i/fl_abcdefghijklmnop/webhooks/zabbix').waitFor()
        await shown.getByRole('button', { name: 'I have it' }).click()
        expect(await page.getByText('fl_abcdefghijklmnop').count()).toBe(0)
      }))

    test('a dead letter is read another way: tried first, then delivered again', () =>
      visiting(async ({ page, server, open }) => {
        await open('/dead-letters')
        await page.getByRole('button', { name: 'More' }).first().click()
        await page.getByLabel(/Read it as/).fill('generic')
        await page.getByLabel(/By this mapping/).fill('{"name": "title", "labels": {}}')
        await page.getByRole('button', { name: 'Try it' }).click()
        await page.getByText('1 event would be taken.').waitFor()
        await page.getByRole('button', { name: 'Deliver it again' }).click()
        await page.getByText('It was delivered once more.').waitFor()
        const reading = { source: 'generic', mapping: { name: 'title', labels: {} } }
        expect(server.api.posts).toEqual([
          { path: '/api/v1/integrations/dry-run', body: expect.objectContaining(reading) },
          { path: expect.stringMatching(/dead-letters\/.+\/replay$/), body: reading },
        ])
      }))

    test('an import names what it would add and remove before it replaces anything', () =>
      visiting(async ({ page, server, open }) => {
        await open('/cis')
        await page.getByRole('button', { name: 'Import' }).click()
        const ci = { id: 'brand-new', kind: 'host', name: 'brand-new', attributes: {} }
        const topology = JSON.stringify({ cis: [ci], relations: [] })
        await page.getByLabel('Topology file').setInputFiles({
          name: 'topology.json',
          mimeType: 'application/json',
          buffer: Buffer.from(topology),
        })
        await page.getByText('+ brand-new').waitFor()
        await page.getByText('− payments-db').waitFor()
        expect(server.api.posts).toHaveLength(1)
        await page.getByRole('button', { name: 'Replace the topology' }).click()
        await page.getByText('Topology imported').waitFor()
        expect(server.api.posts.map(({ body }) => body)).toEqual([
          JSON.parse(topology),
          JSON.parse(topology),
        ])
      }))

    test('five whys are written as a chain, each with its evidence', () =>
      visiting(async ({ page, server, open }) => {
        await open('/problems/pr-3')
        const block = page.getByRole('region', { name: 'Five whys' })
        await block.getByRole('button', { name: 'Edit' }).click()
        const form = page.getByRole('dialog')
        await form.getByLabel('Why 1').fill('Why did sessions expire?')
        await form.getByLabel('Because').first().fill('the timeout is shorter than the poll')
        await form
          .getByLabel(/Evidence/)
          .first()
          .fill('INC-7\nhttps://wiki.example/sessions')
        await form.getByLabel(/What contributed/).fill('process: nobody reviews timeouts')
        await form.getByRole('button', { name: 'Keep' }).click()
        await expect
          .poll(() => server.api.posts.at(-1)?.body)
          .toMatchObject({
            whys: [
              {
                why: 'Why did sessions expire?',
                because: 'the timeout is shorter than the poll',
                evidence: [
                  { kind: 'incident', ref: 'INC-7' },
                  { kind: 'link', ref: 'https://wiki.example/sessions' },
                ],
              },
            ],
            factors: [{ category: 'process', text: 'nobody reviews timeouts' }],
          })
      }))

    test('a page that this installation does not have says so, and is not in the navigation', () =>
      visiting(
        async ({ page, open }) => {
          await open('/heartbeats')
          await page.getByText('This installation has nothing here.').waitFor()
          await page.getByRole('navigation').getByText('More').click()
          await page.getByRole('navigation').getByRole('link', { name: 'Silences' }).waitFor()
          expect(await page.getByRole('navigation').getByText('Heartbeats').count()).toBe(0)
        },
        { without: ['/api/v1/heartbeats'] },
      ))

    test('a token is asked for where one is needed, and sent from then on', () =>
      visiting(
        async ({ page, open }) => {
          await open('/incidents')
          await page.getByLabel('Token').fill('open-sesame')
          await page.getByRole('button', { name: 'Sign in' }).click()
          await page.getByText('Live', { exact: true }).waitFor()
          await page.locator('.rows tbody tr').first().waitFor()
        },
        { token: 'open-sesame' },
      ))

    test('times are in the viewer’s zone, with UTC on hover', () =>
      visiting(async ({ page, open }) => {
        await open('/incidents/in-60')
        const opened = page.locator('dt:text-is("Opened") + dd time')
        expect(await opened.textContent()).toContain('10:21:00')
        expect(await opened.getAttribute('title')).toBe('2026-03-10 09:21:00 UTC')
      }))

    test('the first screen is less than 100 kB, compressed', () =>
      visiting(async ({ page, open }) => {
        const names = new Set<string>()
        page.on('request', (request) => names.add(new URL(request.url()).pathname))
        await open('/incidents')
        await page.locator('.rows tbody tr').first().waitFor()
        const files = [...names].filter((name) => name.startsWith('/assets/'))
        expect(files.length).toBeGreaterThan(1)
        const bytes = ['/index.html', ...files]
          .map((name) => gzipSync(readFileSync(join(bench.directory, name))).length)
          .reduce((a, b) => a + b)
        expect(bytes).toBeLessThan(FIRST_SCREEN_BYTES_MAX)
      }))

    test('no built file sets HTML or evaluates text', () => {
      const assets = join(bench.directory, 'assets')
      for (const name of readdirSync(assets).filter((file) => file.endsWith('.js'))) {
        const code = readFileSync(join(assets, name), 'utf8')
        expect(code, name).not.toMatch(/\beval\(|new Function\(|\.outerHTML|document\.write/)
      }
    })
  })

  test.each([
    '/incidents',
    '/incidents?status=all&q=nothing-like-this',
    '/incidents/in-60',
    '/incidents/in-58',
    '/alerts',
    '/problems',
    '/problems/pr-1',
    '/changes',
    '/changes/CHG-124',
    '/requests',
    '/requests/req-1',
    '/tasks',
    '/notifications',
    '/processes',
    '/processes/proc-1',
    '/maintenance',
    '/services',
    '/cis',
    '/cis/payments-db',
    '/heartbeats',
    '/silences',
    '/sources',
    '/problem-report',
    '/dead-letters',
    '/kpis',
    '/kpis/mtta',
    '/admin',
    '/nowhere',
  ])('%s has no WCAG AA findings, light, dark and on a phone, and breaks no policy', (path) =>
    visiting(async ({ page, open }) => {
      await open(path)
      await page.getByText('Live', { exact: true }).waitFor()
      await takePicture(page, `${nameOf(path)}-light`)
      expect(await accessibilityFaults(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      await takePicture(page, `${nameOf(path)}-dark`)
      expect(await accessibilityFaults(page, COLOUR_RULES)).toEqual([])
      await page.setViewportSize(PHONE)
      await takePicture(page, `${nameOf(path)}-phone`)
      expect(await widestOf(page)).toBeLessThanOrEqual(PHONE.width)
      expect(await accessibilityFaults(page)).toEqual([])
    }),
  )
})
