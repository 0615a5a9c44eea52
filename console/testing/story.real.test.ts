// The whole story on the real pipeline, told by what a person sees and does in the console.
import { readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  eventually,
  freePort,
  ROOT,
  type Running,
  removeDirectory,
  scratchDirectory,
  start,
} from '../../test/support/processes.ts'
import { type Bench, openBench, skipped } from './browser.ts'

const READY_MS = 120_000
const SEEN_MS = 30_000
const UNDO_MS = 5_000

/** Short lives, so that an incident ends and recurs while the test looks. */
const JOIN_HORIZON_MS = 3_000
const CONFIG = `correlator:
  quietGapMs: 500
  reopenWindowMs: 1000
  joinHorizonMs: ${JOIN_HORIZON_MS}
`

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

const TOPOLOGY = {
  cis: ['checkout', 'payments', 'payments-db', 'orders', 'mail-out'].map((id) => ({
    id,
    kind: id.endsWith('db') ? 'database' : 'service',
    name: id,
    attributes: {},
  })),
  relations: [
    ['checkout', 'payments'],
    ['payments', 'payments-db'],
    ['orders', 'payments-db'],
  ].map(([from, to]) => ({ from, to, type: 'depends_on' })),
}

const CASCADE = [
  ['PgDown', 'payments-db'],
  ['PaymentErrors', 'payments'],
  ['CheckoutErrors', 'checkout'],
] as const

let bench: Bench
let faultline: Running
let origin: string
let page: Page
let data: string
const faults: string[] = []

const post = async (path: string, body: unknown): Promise<void> => {
  const response = await fetch(origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
}

const alert = (name: string, service: string, status = 'firing'): Promise<void> =>
  post('/api/v1/events', {
    status,
    name,
    severity: 'critical',
    summary: `${name} on ${service}`,
    // Two deliveries of the same words are one observation: a time tells them apart.
    startsAt: new Date().toISOString(),
    labels: { service },
  })

/** The build of this very source, under the headers of the real server. */
const serveBuild = async (): Promise<void> => {
  await page.route(`${origin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url())
    const isPage = route.request().resourceType() === 'document'
    if (!isPage && TYPES[extname(pathname)] === undefined) return route.fallback()
    const file = isPage ? '/index.html' : pathname
    const { headers } = await fetch(`${origin}/healthz`)
    return route.fulfill({
      body: readFileSync(join(bench.directory, file)),
      contentType: isPage ? 'text/html' : (TYPES[extname(file)] ?? 'text/plain'),
      headers: { 'content-security-policy': headers.get('content-security-policy') ?? '' },
    })
  })
}

const visible = (text: string | RegExp) =>
  page.getByText(text).first().waitFor({ timeout: SEEN_MS })
const row = (text: string | RegExp) => page.locator('.rows tbody tr', { hasText: text })

describe.skipIf(skipped)('the story, on the real pipeline', () => {
  beforeAll(async () => {
    bench = await openBench()
    data = scratchDirectory('story')
    const config = join(data, 'faultline.yaml')
    writeFileSync(config, CONFIG)
    const port = await freePort()
    origin = `http://127.0.0.1:${port}`
    faultline = start(process.execPath, [
      ...['--import', 'tsx', join(ROOT, 'runtime/cli/main.ts'), 'serve'],
      ...['--port', String(port), '--data', join(data, 'data'), '--config', config],
    ])
    await eventually('the server is ready', READY_MS, async () =>
      (await fetch(`${origin}/readyz`)).ok ? true : undefined,
    )
    page = await bench.openPage(faults)
    await serveBuild()
  })
  afterAll(async () => {
    await bench?.close()
    await faultline?.stop()
    removeDirectory(data)
  })

  test('an empty installation says how to begin, and the first incident appears by itself', async () => {
    await page.goto(`${origin}/`)
    await visible('No incident yet')
    await visible('Live')
    await post('/api/v1/cis/import', TOPOLOGY)
    await post('/api/v1/changes', {
      id: 'CHG-7',
      ci: 'payments-db',
      type: 'deployment',
      summary: 'Pool of 200',
    })
    for (const [name, service] of CASCADE) await alert(name, service)
    await row('payments-db').first().waitFor({ timeout: SEEN_MS })
  })

  test('one incident says why: the alerts, their reasons, the hinted root, the suspect change', async () => {
    await eventually('the three alerts are one incident', SEEN_MS, async () =>
      (await row(/3 \/ 3/).count()) === 1 ? true : undefined,
    )
    await row(/3 \/ 3/)
      .getByRole('link')
      .click()
    await visible(/^3 alerts on .*; most likely it began with change CHG-7 on payments-db/)
    await page.getByRole('button', { name: /CheckoutErrors/ }).click()
    await visible('Why it is in this incident')
    expect(await page.locator('.why .evidence-text').count()).toBeGreaterThan(0)
    expect(await page.locator('.node-root').textContent()).toContain('payments-db')
    await visible('Suspect changes')
  })

  test('a person acknowledges, confirms the hint, and leaves a note; the timeline tells', async () => {
    await page.keyboard.press('a')
    await page.locator('.incident-marks', { hasText: 'acknowledged' }).waitFor({ timeout: SEEN_MS })
    await page.getByRole('button', { name: 'Confirm' }).first().click()
    await visible(/Confirmed as the root cause: change CHG-7 on payments-db/)
    await page.keyboard.press('n')
    await page.getByRole('dialog').getByLabel('Note').fill('Rolling back <b>CHG-7</b>')
    await page.getByRole('dialog').getByRole('button', { name: 'Note' }).click()
    await visible('Rolling back <b>CHG-7</b>')
  })

  test('an alert is split off by hand, and merged back from the list', async () => {
    await page.getByLabel('Select CheckoutErrors on checkout').check()
    await page.getByRole('button', { name: 'Split off' }).click()
    await page.keyboard.press('u')
    await row(/CheckoutErrors.*1 \/ 1/).waitFor({ timeout: SEEN_MS })
    await row(/2 \/ 2/).waitFor({ timeout: SEEN_MS })
    for (const words of [/1 \/ 1/, /2 \/ 2/]) await row(words).getByRole('checkbox').check()
    await page.keyboard.press('m')
    await page.getByRole('dialog').getByRole('button', { name: 'Merge' }).click()
    await page.locator('.toast', { hasText: 'Merge' }).waitFor()
    await row(/merged/).waitFor({ timeout: UNDO_MS + SEEN_MS })
    await row(/3 \/ 3/).waitFor({ timeout: SEEN_MS })
  })

  test('when every alert has cleared, the incident is over', async () => {
    for (const [name, service] of CASCADE) await alert(name, service, 'resolved')
    await row(/0 \/ 3/)
      .getByText('resolved')
      .waitFor({ timeout: SEEN_MS })
    await page.keyboard.press('.')
    await row('payments-db').waitFor({ state: 'detached', timeout: SEEN_MS })
  })

  test('what recurs becomes a problem; its workaround is on the next incident of its kind', async () => {
    for (let i = 0; i < 3; i++) {
      await alert('MailQueueFull', 'mail-out')
      await row(/mail-out.*1 \/ 1/).waitFor({ timeout: SEEN_MS })
      await alert('MailQueueFull', 'mail-out', 'resolved')
      await row('mail-out').getByText('resolved').waitFor({ timeout: SEEN_MS })
      await page.keyboard.press('.')
      // Sooner, the same alert would join the incident that has just ended.
      await page.waitForTimeout(JOIN_HORIZON_MS + 500)
    }
    await page.getByRole('navigation').getByRole('link', { name: 'Problems' }).click()
    await page.locator('.data a', { hasText: 'mail-out' }).click({ timeout: SEEN_MS })
    await page.locator('.incident-marks', { hasText: 'candidate' }).waitFor({ timeout: SEEN_MS })
    await page.keyboard.press('c')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Cause', { exact: true }).fill('The relay allows ten connections')
    await dialog.getByLabel(/Workaround/).fill('Restart the relay')
    await dialog.getByRole('button', { name: 'Record cause' }).click()
    await page.locator('.incident-marks', { hasText: 'known error' }).waitFor({ timeout: SEEN_MS })
    await alert('MailQueueFull', 'mail-out')
    await page.getByRole('navigation').getByRole('link', { name: 'Incidents' }).click()
    await row(/mail-out.*1 \/ 1/)
      .getByRole('link')
      .click({ timeout: SEEN_MS })
    await page.locator('.workaround').getByText('Restart the relay').waitFor({ timeout: SEEN_MS })
  })

  test('a person resolves it, the audit log is whole, and nothing broke a policy', async () => {
    await page.keyboard.press('r')
    await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click()
    await page.locator('.incident-marks', { hasText: 'resolved' }).waitFor({ timeout: SEEN_MS })
    await page.goto(`${origin}/admin`)
    await visible('incident.confirm-hint')
    await page.getByRole('button', { name: 'Verify the chain' }).click()
    await visible(/The chain of \d+ entries is whole/)
    await page.goto(`${origin}/kpis`)
    await visible('Noise reduction')
    expect(faults).toEqual([])
  })
})
