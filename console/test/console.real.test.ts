// The built console in a real browser, over the made-up shop.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  accessibilityFaults,
  type Bench,
  chromiumIsHere,
  openBench,
  PHONE,
  type Visit,
} from './browser.ts'

const required = process.env.FAULTLINE_REQUIRE_REAL === '1'
if (!chromiumIsHere && !required)
  process.stderr.write('skipped: the console tests need Chromium (CHROMIUM_PATH)\n')

const FIRST_SCREEN_BYTES_MAX = 100_000
const UNDO_MS = 5_000

let bench: Bench

const visiting = async (
  script: (visit: Visit) => Promise<void>,
  ...how: Parameters<Bench['visit']>
): Promise<void> => {
  const visit = await bench.visit(...how)
  try {
    await script(visit)
    expect(visit.faults).toEqual([])
  } finally {
    await visit.end()
  }
}

describe.skipIf(!chromiumIsHere && !required)('the console in a browser', () => {
  beforeAll(async () => {
    bench = await openBench()
  })
  afterAll(() => bench?.close())

  describe('the list', () => {
    test('shows an incident that opens while it is looked at, and its end, without a reload', () =>
      visiting(async ({ page, server, open }) => {
        await open('/incidents')
        await page.getByText('Live').waitFor()
        const [newest] = server.api.incidents
        server.api.add({ ...newest!, id: 'in-99', number: 'INC-99', title: 'Lights went out' })
        await page.getByRole('link', { name: 'Lights went out' }).waitFor()
        server.api.change('in-99', { status: 'resolved' })
        await page.locator('tr', { hasText: 'INC-99' }).getByText('resolved').waitFor()
        await page.getByRole('button', { name: /1 row no longer match/ }).click()
        await page.getByRole('link', { name: 'Lights went out' }).waitFor({ state: 'detached' })
      }))

    test('picks up after a broken connection what happened meanwhile', () =>
      visiting(async ({ page, server, open }) => {
        await open('/incidents')
        await page.getByText('Live').waitFor()
        server.api.change('in-60', { title: 'First word' })
        await page.getByRole('link', { name: 'First word' }).waitFor()
        server.api.cut()
        server.api.change('in-60', { title: 'Said while away' })
        await page.clock.runFor(3_000)
        await page.getByRole('link', { name: 'Said while away' }).waitFor()
        expect(server.api.resumedFrom()).toBe('1')
      }))

    test('polls where there is no stream', () =>
      visiting(
        async ({ page, server, open }) => {
          await open('/incidents')
          await page.getByText('Every 5 s').waitFor()
          server.api.change('in-60', { title: 'Found by asking' })
          await page.clock.runFor(6_000)
          await page.getByRole('link', { name: 'Found by asking' }).waitFor()
        },
        { stream: false },
      ))

    test('keeps what is looked at where it is while rows arrive above it', () =>
      visiting(
        async ({ page, server, open }) => {
          await open('/incidents?status=all')
          await page.getByText('Live').waitFor()
          const box = page.locator('.rows')
          await box.evaluate((element) => {
            element.scrollTop = 1_800
          })
          const row = page.locator('tr', { hasText: /INC-250(?!\d)/ })
          await row.waitFor()
          const before = await row.boundingBox()
          const [newest] = server.api.incidents
          for (let i = 0; i < 20; i++)
            server.api.add({
              ...newest!,
              id: `in-new-${i}`,
              number: `INC-9${i}`,
              openedAt: '2026-03-10T09:29:00.000Z',
            })
          await page.getByText(/320\+? incidents|220\+ incidents/).waitFor()
          expect(await row.boundingBox()).toEqual(before)
        },
        { incidents: 300 },
      ))

    test('has no more rows on the page than fit, with ten thousand read', () =>
      visiting(
        async ({ page, open }) => {
          await open('/incidents?status=all')
          const box = page.locator('.rows')
          await expect
            .poll(
              async () => {
                await box.evaluate((element) => {
                  element.scrollTop = element.scrollHeight
                })
                return page.locator('.counts').textContent()
              },
              { timeout: 90_000, interval: 50 },
            )
            .toContain('10,000 incidents')
          await box.evaluate((element) => {
            element.scrollTop = element.scrollHeight
          })
          await page.locator('tr', { hasText: /INC-1(?!\d)/ }).waitFor()
          expect(await page.locator('.rows tbody tr').count()).toBeLessThan(80)
        },
        { incidents: 10_000 },
      ))

    test('has its filters in the address, and takes them from there', () =>
      visiting(async ({ page, server, open }) => {
        await open('/incidents')
        await page.getByRole('button', { name: 'critical' }).click()
        await page.getByRole('button', { name: 'P1' }).click()
        await page.keyboard.press('/')
        await page.keyboard.type('payments')
        expect(page.url()).toBe(
          `${server.origin}/incidents?severity=critical&priority=P1&q=payments`,
        )
        const shown = await page.locator('.rows tbody tr').count()
        expect(shown).toBeGreaterThan(0)
        await page.reload()
        await page.locator('.rows tbody tr').first().waitFor()
        expect(await page.locator('.rows tbody tr').count()).toBe(shown)
        expect(
          await page.getByRole('button', { name: 'critical' }).getAttribute('aria-pressed'),
        ).toBe('true')
      }))

    test('says how to make a first incident where there is none', () =>
      visiting(
        async ({ page, server, open }) => {
          await open('/incidents')
          const command = await page.getByLabel('Command for a first incident').inputValue()
          expect(command).toContain(`curl -X POST ${server.origin}/api/v1/events`)
        },
        { incidents: 0 },
      ))
  })

  describe('the keyboard', () => {
    test('j and k move, Enter opens, u shows the list again with the cursor where it was', () =>
      visiting(async ({ page, server, open }) => {
        await open('/incidents')
        await page.locator('.rows tbody tr').first().waitFor()
        for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key)
        expect(await page.locator('tr[aria-current]').textContent()).toContain('INC-59')
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { level: 1, name: /Disk fills/ }).waitFor()
        expect(page.url()).toBe(`${server.origin}/incidents/in-59`)
        await page.keyboard.press('u')
        await page.locator('tr[aria-current]', { hasText: 'INC-59' }).waitFor()
      }))

    test('a acknowledges what is selected, unless undone within five seconds', () =>
      visiting(async ({ page, server, open }) => {
        await open('/incidents')
        await page.locator('.rows tbody tr').first().waitFor()
        for (const key of ['j', 'x', 'j', 'x', 'a']) await page.keyboard.press(key)
        await page.getByText('Acknowledge: 2 incidents').waitFor()
        await page.keyboard.press('z')
        await page.clock.runFor(UNDO_MS + 1_000)
        expect(server.api.posts).toEqual([])
        for (const key of ['x', 'k', 'x', 'a']) await page.keyboard.press(key)
        await page.clock.runFor(UNDO_MS + 100)
        await expect
          .poll(() => server.api.posts.map(({ path }) => path).toSorted())
          .toEqual(['/api/v1/incidents/in-59/acknowledge', '/api/v1/incidents/in-60/acknowledge'])
        await page.locator('tr', { hasText: 'INC-60' }).getByText('acknowledged').waitFor()
      }))

    test('m merges into the oldest of those selected', () =>
      visiting(async ({ page, server, open }) => {
        await open('/incidents')
        await page.locator('.rows tbody tr').first().waitFor()
        for (const key of ['j', 'x', 'j', 'x', 'm']) await page.keyboard.press(key)
        await page.getByRole('dialog').getByRole('button', { name: 'Merge' }).click()
        await page.clock.runFor(UNDO_MS + 100)
        await expect
          .poll(() => server.api.posts)
          .toEqual([{ path: '/api/v1/incidents/in-60/merge', body: { into: 'in-59' } }])
      }))

    test('? lists the keys that work here', () =>
      visiting(async ({ page, open }) => {
        await open('/incidents')
        await page.locator('.rows tbody tr').first().waitFor()
        await page.keyboard.press('?')
        const help = page.getByRole('dialog', { name: 'Keyboard' })
        await help.getByText('Acknowledge it, or all selected').waitFor()
        await page.keyboard.press('Escape')
        await help.waitFor({ state: 'detached' })
      }))
  })

  describe('one incident', () => {
    test('says what happened, why each alert is in it, and takes a verdict on a hint', () =>
      visiting(async ({ page, server, open }) => {
        await open('/incidents/in-60')
        await page
          .getByText(/^7 alerts on 6 CIs .* most likely it began with change CHG-118/)
          .waitFor()
        await page.getByRole('button', { name: /CheckoutErrorRate/ }).click()
        await page.getByText('Fired 65 s after the first alert of this incident.').waitFor()
        await page.getByText('topology', { exact: true }).waitFor()
        await page.getByRole('button', { name: 'Confirm' }).first().click()
        await page.getByText('Confirmed as root cause').waitFor()
        expect(server.api.posts).toEqual([
          {
            path: '/api/v1/incidents/in-60/confirm-hint',
            body: { ci: 'payments-db', change: 'CHG-118' },
          },
        ])
        await page.getByRole('heading', { name: 'Seen before' }).waitFor()
        await page.getByText('Restart payments one by one').waitFor()
        expect(await page.locator('.node-root').textContent()).toContain('suspected root')
      }))

    test('splits off alerts that do not belong, or moves them to where they do', () =>
      visiting(async ({ page, server, open }) => {
        await open('/incidents')
        await page.locator('.rows tbody tr').first().waitFor()
        await page
          .getByRole('link', { name: /payments-db refuses/ })
          .first()
          .click()
        await page.getByLabel('Select MailQueueGrowing on mail-out').check()
        await page.getByRole('button', { name: 'Split off' }).click()
        await expect
          .poll(() => server.api.posts)
          .toEqual([{ path: '/api/v1/incidents/in-60/split', body: { alertIds: ['al-60-6'] } }])
        await page.getByLabel('Select OrderRateLow on orders').check()
        await page.getByRole('button', { name: 'Move to' }).click()
        await page.getByRole('dialog').getByText('INC-58').click()
        await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click()
        await expect
          .poll(() => server.api.posts[1])
          .toEqual({
            path: '/api/v1/incidents/in-60/move',
            body: { alertIds: ['al-60-4'], to: 'in-58' },
          })
      }))

    test('shows text from alerts as text, whatever it says', () =>
      visiting(async ({ page, open }) => {
        await open('/incidents/in-56')
        const heading = await page.getByRole('heading', { level: 1 }).textContent()
        expect(heading).toBe('<img src=x onerror=alert(1)> & \\u202eevil\\u202c \\u0007 in a title')
        await page.getByRole('button', { name: /<script>alert\(1\)<\/script>/ }).click()
        await page.getByText(/=HYPERLINK\("http:\/\/x"\)/).waitFor()
        await open('/incidents/in-60')
        await page.getByRole('button', { name: /PaymentErrorRate/ }).click()
        await page.getByText('javascript:alert(1)').waitFor()
        expect(await page.locator('a[href^="javascript"]').count()).toBe(0)
      }))

    test('follows what happens to it', () =>
      visiting(async ({ page, server, open }) => {
        await open('/incidents/in-60')
        await page.getByText('Live').waitFor()
        server.api.change('in-60', { title: 'It got worse' })
        await page.getByRole('heading', { level: 1, name: 'It got worse' }).waitFor()
      }))
  })

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

    test('a page that this installation does not have says so, and is not in the navigation', () =>
      visiting(async ({ page, open }) => {
        await open('/maintenance')
        await page.getByText('This installation has nothing here.').waitFor()
        await page.getByRole('navigation').getByRole('link', { name: 'Heartbeats' }).waitFor()
        expect(await page.getByRole('navigation').getByText('Maintenance').count()).toBe(0)
      }))

    test('a token is asked for where one is needed, and sent from then on', () =>
      visiting(
        async ({ page, open }) => {
          await open('/incidents')
          await page.getByLabel('Token').fill('open-sesame')
          await page.getByRole('button', { name: 'Sign in' }).click()
          await page.getByText('Live').waitFor()
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
    '/services',
    '/cis',
    '/cis/payments-db',
    '/heartbeats',
    '/silences',
    '/dead-letters',
    '/kpis',
    '/kpis/mtta',
    '/admin',
    '/nowhere',
  ])('%s has no WCAG AA findings, light and dark, and breaks no policy', (path) =>
    visiting(async ({ page, open }) => {
      await open(path)
      await page.getByText('Live').waitFor()
      expect(await accessibilityFaults(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await accessibilityFaults(page)).toEqual([])
    }),
  )

  test.each([
    '/incidents',
    '/incidents/in-60',
    '/problems/pr-1',
    '/alerts',
    '/kpis/mtta',
    '/cis/orders-db',
    '/admin',
  ])('%s fits a phone: nothing is wider than the screen', (path) =>
    visiting(
      async ({ page, open }) => {
        await open(path)
        await page.getByText('Live').waitFor()
        const widest = await page.evaluate(() => {
          const main = document.querySelector('main')
          return Math.max(document.documentElement.scrollWidth, main?.scrollWidth ?? 0)
        })
        expect(widest).toBeLessThanOrEqual(PHONE.width)
        expect(await accessibilityFaults(page)).toEqual([])
      },
      {},
      { viewport: PHONE, hasTouch: true },
    ),
  )
})
