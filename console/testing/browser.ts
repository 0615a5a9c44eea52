// A real browser over the built console, and what it must never see.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AxeResults } from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { expect, vi } from 'vitest'
import type { FixtureOptions } from '../dev/desk.ts'
import { type FixtureServer, serveFixtures } from '../dev/serve.ts'

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const CONSOLE = fileURLToPath(new URL('..', import.meta.url))
const LOCK = fileURLToPath(new URL('../../package-lock.json', import.meta.url))
const BUILDS = fileURLToPath(new URL('../../.artefacts/console-build/', import.meta.url))
const AXE = fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url))

/** Quiet, and nothing that would leave the machine. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** ms UTC: what the fixture leads up to, and what the browser takes for now. */
export const NOW = Date.parse('2026-03-10T09:30:00Z')
export const WIDE = { width: 1440, height: 900 }
export const PHONE = { width: 390, height: 844 }

const required = process.env.FAULTLINE_REQUIRE_REAL === '1'

/** Without Chromium the tests are skipped, unless the environment says that they must not be. */
export const skipped = !existsSync(CHROMIUM) && !required
if (skipped) process.stderr.write('skipped: the console tests need Chromium (CHROMIUM_PATH)\n')

export interface Visit {
  readonly page: Page
  readonly server: FixtureServer
  /** Exceptions, policy violations, requests to elsewhere: to stay empty. */
  readonly faults: string[]
  open(path: string): Promise<void>
  end(): Promise<void>
}

export interface Bench {
  /** Where the build lies. */
  readonly directory: string
  /** A page without the fixture, for a test that has a server of its own. */
  openPage(faults: string[]): Promise<Page>
  visit(fixture?: Partial<FixtureOptions>, options?: BrowserContextOptions): Promise<Visit>
  close(): Promise<void>
}

const watch = async (page: Page, faults: string[]): Promise<void> => {
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`))
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!request.url().startsWith('http://127.0.0.1:'))
      faults.push(`foreign request: ${request.url()}`)
  })
  await page.exposeFunction('reportViolation', (text: string) => faults.push(`policy: ${text}`))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = Reflect.get(globalThis, 'reportViolation') as (text: string) => void
      report(`${event.violatedDirective} ${event.blockedURI}`)
    })
  })
}

const startVisit = async (
  browser: Browser,
  directory: string,
  fixture: Partial<FixtureOptions>,
  options: BrowserContextOptions,
): Promise<Visit> => {
  const server = await serveFixtures(directory, { now: NOW, ...fixture })
  const context = await browser.newContext({
    viewport: WIDE,
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  const faults: string[] = []
  await watch(page, faults)
  await page.clock.install({ time: NOW })
  return {
    page,
    server,
    faults,
    open: async (path) => {
      await page.goto(server.origin + path)
      await page.locator('main:not([aria-busy="true"])').waitFor()
    },
    end: async () => {
      await context.close()
      await server.close()
    },
  }
}

/** What the build is made of: the same sources always give the same name. */
const sourcesDigest = (): string => {
  const digest = createHash('sha256')
  const files = readdirSync(CONSOLE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  for (const file of [...files, LOCK].toSorted()) digest.update(file).update(readFileSync(file))
  return digest.digest('hex').slice(0, 16)
}

/** Built once for the test files of a run, under the name of its sources; earlier ones go. */
const builtConsole = async (): Promise<string> => {
  const directory = join(BUILDS, sourcesDigest())
  if (existsSync(directory)) return directory
  rmSync(BUILDS, { recursive: true, force: true })
  const unfinished = `${directory}.${process.pid}`
  // A test's own environment would build what is for debugging: slower, and forgetting nothing.
  vi.stubEnv('NODE_ENV', 'production')
  await build({
    root: CONSOLE,
    configFile: join(CONSOLE, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: unfinished, emptyOutDir: true },
  })
  vi.unstubAllEnvs()
  renameSync(unfinished, directory)
  return directory
}

/** Builds the console, where that was not done yet, and starts the browser. */
export const openBench = async (): Promise<Bench> => {
  const directory = await builtConsole()
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  return {
    directory,
    openPage: async (faults) => {
      const page = await browser.newPage({ viewport: WIDE, reducedMotion: 'reduce' })
      await watch(page, faults)
      return page
    },
    visit: (fixture = {}, options = {}) => startVisit(browser, directory, fixture, options),
    close: () => browser.close(),
  }
}

const PICTURES = fileURLToPath(new URL('../../.artefacts/console/', import.meta.url))

/** What it looked like, kept beside the test reports. */
export const takePicture = (page: Page, name: string): Promise<unknown> =>
  page.screenshot({ path: join(PICTURES, `${name}.png`) })

const axeSource = readFileSync(AXE, 'utf8')

const EVERY_RULE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** All that depends on colours, and on nothing else. */
export const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/** WCAG A and AA findings as one line each. */
export const accessibilityFaults = async (page: Page, rules = EVERY_RULE): Promise<string[]> => {
  await page.evaluate(axeSource)
  const results = await page.evaluate(async (runOnly) => {
    const axe = Reflect.get(globalThis, 'axe') as typeof import('axe-core')
    return (await axe.run(document, { runOnly })) as AxeResults
  }, rules)
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
  )
}

export type Visiting = (
  script: (visit: Visit) => Promise<void>,
  fixture?: Partial<FixtureOptions>,
  options?: BrowserContextOptions,
) => Promise<void>

/** Runs the script in a fresh browser context over a fresh fixture; nothing may go wrong beside it. */
export const visitingWith =
  (bench: () => Bench): Visiting =>
  async (script, fixture, options) => {
    const visit = await bench().visit(fixture, options)
    try {
      await script(visit)
      expect(visit.faults).toEqual([])
    } finally {
      await visit.end()
    }
  }
