// Signing in, in a real browser on the real server: the banner, a wrong password, in, and out again.
import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Composed, PASSWORD, startComposed } from '../../test/support/composed.ts'
import { accessibilityFaults, type Bench, openBench, skipped } from './browser.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
const SEEN_MS = 30_000

let bench: Bench
let composed: Composed
let page: Page
const faults: string[] = []

/** The build of this very source, under the headers of the real server. */
const serveBuild = async (): Promise<void> => {
  await page.route(`${composed.url}/**`, async (route) => {
    const { pathname } = new URL(route.request().url())
    const isPage = route.request().resourceType() === 'document'
    if (!isPage && TYPES[extname(pathname)] === undefined) return route.fallback()
    const file = isPage ? '/index.html' : pathname
    const { headers } = await composed.ask('/healthz')
    return route.fulfill({
      body: readFileSync(join(bench.directory, file)),
      contentType: isPage ? 'text/html' : (TYPES[extname(file)] ?? 'text/plain'),
      headers: { 'content-security-policy': String(headers['content-security-policy']) },
    })
  })
}

const visible = (text: string | RegExp) =>
  page.getByText(text).first().waitFor({ timeout: SEEN_MS })
const fillIn = async (name: string, password: string): Promise<void> => {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).first().click()
}

describe.skipIf(skipped)('signing in, in a browser', () => {
  beforeAll(async () => {
    bench = await openBench()
    composed = await startComposed()
    page = await bench.openPage(faults)
    await serveBuild()
  })
  afterAll(async () => {
    await bench?.close()
    await composed?.stop()
  })

  test('an open installation says that it is open', async () => {
    await page.goto(`${composed.url}/incidents`)
    await visible(/Open to everybody on this machine/)
  })

  test('with an admin it asks; a wrong password is told, a right one leads in', async () => {
    const body = { name: 'ada', displayName: 'Ada L.', roles: ['admin'], password: PASSWORD }
    expect((await composed.ask('/api/v1/users', { body })).status).toBe(201)
    await page.goto(`${composed.url}/incidents`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: SEEN_MS })
    expect(await accessibilityFaults(page)).toEqual([])
    await fillIn('ada', 'not her password')
    await visible('The name or the password is wrong.')
    await fillIn('ada', PASSWORD)
    await visible('Ada L.')
    await visible('No incident yet')
    await visible('Live')
    expect(await page.getByText(/Open to everybody/).count()).toBe(0)
  })

  test('no script can read what keeps her in', async () => {
    expect(await page.evaluate(() => document.cookie)).toBe('')
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  })

  test('signed out, the next look asks again', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: SEEN_MS })
    expect((await composed.ask('/api/v1/incidents')).status).toBe(401)
  })

  test('none of it broke the policy or threw', () => {
    expect(faults).toEqual([])
  })
})
