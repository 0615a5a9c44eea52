// The pages under docs/sources say what the code does; run with -u to write them anew.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { defaultIngestSettings } from './settings.ts'
import { GENERAL_SEVERITIES } from './severities.ts'
import { sourceIndex, sourcePage } from './source-page.ts'
import { SOURCES } from './sources/registry.ts'
import { createTestNormaliser, only } from './testing/fixtures.ts'

const DOCS = '../docs/sources'
const normalise = createTestNormaliser()

describe('docs/sources', () => {
  test.each([...SOURCES])('%s has a page that says what the code does', async (name, source) => {
    const fixture = new URL(`./sources/${name}.fixture.json`, import.meta.url)
    const { fire, resolve } = JSON.parse(readFileSync(fixture, 'utf8'))
    const event = only(normalise(name, fire))
    const page = sourcePage(source, { fire, event, resolve }, defaultIngestSettings)
    await expect(page).toMatchFileSnapshot(`${DOCS}/${name}.md`)
  })

  test('the overview names every source, and there is no page without one', async () => {
    const index = sourceIndex(SOURCES.values(), GENERAL_SEVERITIES)
    await expect(index).toMatchFileSnapshot(`${DOCS}/README.md`)
    const pages = readdirSync(new URL(DOCS, import.meta.url)).sort()
    expect(pages).toEqual([...SOURCES.keys(), 'README'].map((name) => `${name}.md`).sort())
  })
})
