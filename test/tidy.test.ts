// The house rules that the linter cannot see: sizes, first lines, words, and who may touch time.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const LINES_MAX = 400
const STAGES = /^(domain|ingest|correlator|ticketing|dashboards)\//
const TEST_FILE =
  /(\.test\.tsx?|\.contract\.ts|\.fixture\.ts)$|\/testing\/|^console\/(test|dev)\/|^test\/support\//
const GENERATOR = 'dashboards/grafana/generate.ts'

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '')

const sources = tracked
  .filter((path) => /\.(ts|tsx|mjs)$/.test(path))
  .flatMap((path) => {
    try {
      return [{ path, text: readFileSync(join(ROOT, path), 'utf8') }]
    } catch {
      return [] // deleted, not yet committed
    }
  })

const offenders = (wrong: (file: { path: string; text: string }) => boolean): string[] =>
  sources.filter(wrong).map((file) => file.path)

const stageCode = (path: string): boolean =>
  STAGES.test(path) && !TEST_FILE.test(path) && path !== GENERATOR

describe('the house', () => {
  test('there are sources to check', () => {
    expect(sources.length).toBeGreaterThan(20)
  })

  test('every file says in its first line what it is for', () => {
    expect(
      offenders(({ text }) => !/^(#!.*\n)?(\/\/|\/\*\*?) ?\S/.test(text) && text.length > 0),
    ).toEqual([])
  })

  test(`no file has more than ${LINES_MAX} lines`, () => {
    expect(offenders(({ text }) => text.split('\n').length > LINES_MAX + 1)).toEqual([])
  })

  test('stages own no clock and no randomness', () => {
    const impure = /\b(Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|randomUUID\()/
    expect(offenders(({ path, text }) => stageCode(path) && impure.test(text))).toEqual([])
  })

  test('the environment is read in one place', () => {
    const allowed = /^(runtime\/config\/environment\.ts|scripts\/|bench\/|.*\.config\.ts)/
    expect(
      offenders(
        ({ path, text }) =>
          !allowed.test(path) && !TEST_FILE.test(path) && /\bprocess\.env\b/.test(text),
      ),
    ).toEqual([])
  })

  test('kafkajs and the ClickHouse client each live in one place', () => {
    const homes: [RegExp, RegExp][] = [
      [/from 'kafkajs/, /^runtime\/adapters\/kafka-log/],
      [/from '@clickhouse\/client/, /^runtime\/adapters\/facts-/],
      [/from 'pg'/, /^(runtime\/adapters\/|test\/support\/)/],
    ]
    for (const [imported, home] of homes) {
      expect(
        offenders(
          ({ path, text }) => imported.test(text) && !home.test(path) && !TEST_FILE.test(path),
        ),
      ).toEqual([])
    }
  })

  test('nobody is named manager, handler, util or helper', () => {
    const vague = /(^|\/|[-.])(manager|handler|util|utils|helper|helpers|misc|common)([-.]|\/|$)/i
    expect(tracked.filter((path) => vague.test(path))).toEqual([])
  })

  test('every folder of the house has a README', () => {
    for (const folder of [
      'domain',
      'ingest',
      'correlator',
      'ticketing',
      'dashboards',
      'console',
      'runtime',
      'bench',
      'docs',
    ])
      expect(tracked, folder).toContain(`${folder}/README.md`)
  })
})
