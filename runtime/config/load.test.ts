// What the configuration refuses, and in which words.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { ConfigError, loadConfig, overlaySettings } from './load.ts'

const file = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'faultline-config-')), 'faultline.yaml')
  writeFileSync(path, text)
  return path
}

afterEach(() => vi.unstubAllEnvs())

describe('the configuration', () => {
  test('without a file everything is embedded, on loopback', () => {
    const config = loadConfig()
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 8080 })
    expect([config.kafka, config.postgres, config.clickhouse]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('flags win over the environment, which wins over the file', () => {
    const path = file('data: from-file\nlogLevel: warn\ntickMs: 500\n')
    vi.stubEnv('FAULTLINE_DATA', 'from-environment')
    vi.stubEnv('FAULTLINE_LOG_LEVEL', 'debug')
    const config = loadConfig(path, { data: 'from-flag' })
    expect([config.data, config.logLevel, config.tickMs]).toEqual(['from-flag', 'debug', 500])
  })

  test('the services of a bigger installation come from the environment', () => {
    vi.stubEnv('KAFKA_BROKERS', 'a:9092,b:9092')
    vi.stubEnv('FAULTLINE_CLICKHOUSE_URL', 'http://ch:8123')
    const config = loadConfig()
    expect(config.kafka?.brokers).toEqual(['a:9092', 'b:9092'])
    expect(config.clickhouse?.database).toBe('faultline')
  })

  test.each([
    ['listen:\n  port: 99999\n', 'listen.port'],
    ['lissten: {}\n', 'lissten'],
    ['auth:\n  tokens:\n    - {name: ci, sha256: secret}\n', '64 hex digits'],
    ['- a\n- b\n', 'mapping of settings'],
    ['a: [\n', 'faultline.yaml'],
    ['desk: {priorityMatrix: {high: {high: P9}}}\n', 'desk.priorityMatrix.high.high'],
    ['desk: {assignmentRules: [{ciKind: database}]}\n', 'desk.assignmentRules.0.team'],
    [
      'desk: {slaPolicies: [{name: a, kind: response, targetsMs: {P1: 1}, calendar: office}]}\n',
      'SLA policy a names an unknown calendar office',
    ],
    [
      'desk: {calendars: {office: {timeZone: Mars/Base, week: {}}}}\n',
      'desk.calendars.office: Invalid time zone',
    ],
    [
      "desk: {calendars: {o: {timeZone: UTC, week: {mon: [['08:00', '25:00']]}}}}\n",
      'desk.calendars.o: 25:00 is not a time of day',
    ],
    [
      'desk: {freezeWindows: [{name: f, from: 2026-12-31, to: 2026-12-01}]}\n',
      'desk.freezeWindows.0: must end after it begins',
    ],
    [
      'desk: {catalogue: [{id: a, title: A, targetMs: 1, form: {properties: {x: {type: moon}}}}]}\n',
      'desk.catalogue: ',
    ],
    [
      'desk: {changePolicy: {quorum: 3, approvers: [ada]}}\n',
      'desk.changePolicy.quorum: 3 are needed, and only 1 may vote',
    ],
  ])('%j is refused with the setting named', (text, expected) => {
    expect(() => loadConfig(file(text))).toThrow(ConfigError)
    expect(() => loadConfig(file(text))).toThrow(expected)
  })
})

test('the worked example of the service desk can be used', () => {
  const page = readFileSync(new URL('../../docs/service-desk.md', import.meta.url), 'utf8')
  const example = /```yaml\n(desk:[\s\S]*?)\n```/.exec(page)?.[1] ?? ''
  const { desk } = loadConfig(file(example))
  expect(desk.assignmentRules).toHaveLength(3)
  expect(desk.priorityMatrix.medium).toEqual({ high: 'P1', medium: 'P3', low: 'P4' })
  expect(desk.catalogue[0]).toMatchObject({ id: 'laptop', calendar: 'office' })
})

test('the worked examples of notifications and the status page can be used', () => {
  for (const name of ['SMTP_PASSWORD', 'SLACK_URL', 'PAGERDUTY_KEY', 'SERVICENOW_PASSWORD'])
    vi.stubEnv(name, name === 'SLACK_URL' ? 'https://chat.example/x' : 'secret')
  for (const name of ['JIRA_TOKEN', 'RATING_KEY']) vi.stubEnv(name, 'secret of enough length')
  vi.stubEnv('WEBHOOK_SECRET', 'whsec_c2VjcmV0')
  const url = file('https://chat.example/y')
  const desks = ['notifications', 'status-page'].flatMap((name) => {
    const page = readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8')
    const examples = [...page.matchAll(/```yaml\n(desk:[\s\S]*?)\n```/g)]
    return examples.map(([, text]) =>
      loadConfig(file(text!.replace('/run/secrets/teams-url', url))),
    )
  })
  expect(desks).toHaveLength(5)
  expect(desks[0]!.desk.notifications.rules).toHaveLength(3)
  expect(Object.keys(desks[2]!.desk.sync.targets)).toEqual(['servicenow', 'jira'])
  expect(desks[3]!.desk.statusPage.public).toBe(true)
})

describe('the settings of a stage', () => {
  const defaults = { windowMs: 10, limits: { alertsMax: 5, cisMax: 6 } }

  test('overrides reach inside and leave their neighbours alone', () => {
    expect(overlaySettings('correlator', defaults, { limits: { alertsMax: 9 } })).toEqual({
      windowMs: 10,
      limits: { alertsMax: 9, cisMax: 6 },
    })
  })

  test.each([{ windoMs: 1 }, { windowMs: '10' }])('%j is refused', (over) => {
    expect(() => overlaySettings('correlator', defaults, over)).toThrow(ConfigError)
  })
})
