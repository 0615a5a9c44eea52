// One incident and one problem in a real browser, over the made-up shop.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, openBench, skipped, visitingWith } from './browser.ts'

let bench: Bench
const visiting = visitingWith(() => bench)

describe.skipIf(skipped)('an incident in a browser', () => {
  beforeAll(async () => {
    bench = await openBench()
  })
  afterAll(() => bench?.close())

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
        await page.locator('.workaround').getByText('Restart payments one by one').waitFor()
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

    test('is walked, split and put together again by keys alone', () =>
      visiting(async ({ page, server, open }) => {
        await open('/incidents/in-60')
        await page.getByText('Live').waitFor()
        for (const key of ['j', 'j', 'x']) await page.keyboard.press(key)
        await page.getByText('1 selected').waitFor()
        await page.keyboard.press('p')
        await expect
          .poll(() => server.api.posts)
          .toEqual([{ path: '/api/v1/incidents/in-60/split', body: { alertIds: ['al-60-1'] } }])
        const corrected = page.getByRole('region', { name: 'Corrected by people' })
        await corrected.getByRole('button', { name: /Take back/ }).click()
        await corrected.getByText('local took it back').waitFor()
        expect(server.api.posts[1]).toEqual({
          path: '/api/v1/incidents/in-60/undo',
          body: { command: expect.stringMatching(/^in-60-/) },
        })
      }))

    test('says what it is called on another desk, and how content people were', () =>
      visiting(async ({ page, server, open }) => {
        const over = server.api.incidents.find(({ status }) => status === 'resolved')
        await open(`/incidents/${over?.id}`)
        const there = page.getByRole('link', { name: 'OPS-412' })
        expect(await there.getAttribute('href')).toBe('https://jira.example/browse/OPS-412')
        await page.locator('#page').getByText('More', { exact: true }).click()
        await page.getByRole('button', { name: 'Rate how it was dealt with' }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByLabel('1 poor to 5 excellent').fill('4')
        await dialog.getByRole('button', { name: 'Rate' }).click()
        await page.getByText('4 of 5').waitFor()
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

    test('ticks off a step of its runbook', () =>
      visiting(async ({ page, server, open }) => {
        await open('/incidents/in-60')
        await page.getByRole('heading', { name: 'Tasks, 2 of 3 open' }).waitFor()
        await page.getByLabel(/Restart payments one by one/).click()
        await page.getByRole('heading', { name: 'Tasks, 1 of 3 open' }).waitFor()
        expect(server.api.posts[0]?.path).toBe('/api/v1/tasks/ta-60-1/complete')
      }))

    test('an action of the menu asks for what it needs, and an emptied name takes the person away', () =>
      visiting(async ({ page, server, open }) => {
        await open('/incidents/in-60')
        await page.locator('#page').getByText('More', { exact: true }).click()
        await page.getByRole('button', { name: 'Set roles' }).click()
        const dialog = page.getByRole('dialog', { name: 'Set roles INC-60' })
        await dialog.getByLabel('Commander').fill('')
        await dialog.getByLabel('Communications').fill('Mei Tanaka')
        await dialog.getByRole('button', { name: 'Set roles' }).click()
        await expect
          .poll(() => server.api.posts)
          .toEqual([
            {
              path: '/api/v1/incidents/in-60/roles',
              body: { commander: null, communications: 'Mei Tanaka' },
            },
          ])
      }))

    test('follows what happens to it', () =>
      visiting(async ({ page, server, open }) => {
        await open('/incidents/in-60')
        await page.getByText('Live').waitFor()
        server.api.change('in-60', { title: 'It got worse' })
        await page.getByRole('heading', { level: 1, name: 'It got worse' }).waitFor()
      }))
  })
})
