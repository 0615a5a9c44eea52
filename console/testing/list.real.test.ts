// The incident list in a real browser, over the made-up shop.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, openBench, skipped, visitingWith } from './browser.ts'

const UNDO_MS = 5_000

const ROWS_MAX = 80
/** 60 frames a second. */
const FRAME_MS = 1_000 / 60
/** px a frame: a notch of the wheel in each, 7,200 px a second. */
const FLICK_PX = 120
const FRAMES = 30
const ROUNDS = 5

/** Script for the page: a notch a frame, each laid out and drawn; the most rows that there were. */
const FLICKING = `(async () => {
  const box = document.querySelector('.rows')
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  let rowsMax = 0
  for (let i = 0; i < ${FRAMES}; i++) {
    box.scrollTop -= ${FLICK_PX}
    await frame()
    rowsMax = Math.max(rowsMax, box.querySelectorAll('tbody tr').length)
  }
  await frame()
  return rowsMax
})()`

/** Of a frame, for the page's script and its layout; the rest is the browser's, to style and paint. */
const OWN_SHARE = 0.5

/**
 * What a frame of fast scrolling costs the page's own thread, as its processor time: the wall's
 * time belongs to whatever else the machine does, and so does all above the quickest round.
 */
const flickThrough = async (page: Page) => {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const ownMs = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics')
    const value = (wanted: string) =>
      metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
    return 1_000 * (value('ScriptDuration') + value('LayoutDuration'))
  }
  const rounds: { rows: number; frameMs: number }[] = []
  for (let i = 0; i < ROUNDS; i++) {
    const before = await ownMs()
    const rows = Number(await page.evaluate(FLICKING))
    rounds.push({ rows, frameMs: ((await ownMs()) - before) / FRAMES })
  }
  return {
    rowsMax: Math.max(...rounds.map(({ rows }) => rows)),
    frameMs: Math.min(...rounds.map(({ frameMs }) => frameMs)),
  }
}

let bench: Bench
const visiting = visitingWith(() => bench)

describe.skipIf(skipped)('the list in a browser', () => {
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

    test('with ten thousand read it has no more rows on the page than fit, and needs little of a frame to scroll', () =>
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
          expect(await page.locator('.rows tbody tr').count()).toBeLessThan(ROWS_MAX)
          const { rowsMax, frameMs } = await flickThrough(page)
          expect(rowsMax).toBeLessThan(ROWS_MAX)
          expect(frameMs).toBeLessThan(FRAME_MS * OWN_SHARE)
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

    test('keeps a view under a name, also for the next visit, until it is forgotten', () =>
      visiting(async ({ page, server, open }) => {
        const menu = page.getByText('Saved views')
        const view = page.getByRole('button', { name: 'Payments at night', exact: true })
        await open('/incidents?severity=critical&q=payments')
        await menu.click()
        await page.getByLabel('Name of the view').fill('Payments at night')
        await page.getByRole('button', { name: 'Save', exact: true }).click()
        await open('/incidents')
        await menu.click()
        await view.click()
        expect(page.url()).toBe(`${server.origin}/incidents?severity=critical&q=payments`)
        await page.getByLabel('Forget the view Payments at night').click()
        await page.reload()
        await menu.click()
        await page.getByLabel('Name of the view').waitFor()
        expect(await view.count()).toBe(0)
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
})
