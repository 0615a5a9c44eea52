// What the words of an alert type say before anything is learned.
import { expect, test } from 'vitest'
import { leaningOf } from './vocabulary.ts'

test.each([
  ['DiskFull', 'cause'],
  ['Filesystem Full', 'cause'],
  ['NodeNotReady', 'cause'],
  ['Host Down', 'cause'],
  ['oom_killed', 'cause'],
  ['CertificateExpired', 'cause'],
  ['HighErrorRate', 'symptom'],
  ['LatencyP99High', 'symptom'],
  ['SLOBurnRateFast', 'symptom'],
  ['http: probe failed', 'symptom'],
  ['cpu usage down', 'none'],
  ['Something odd', 'none'],
  ['DbSlowQueries', 'none'],
])('%s reads like a %s', (name, leaning) => {
  expect(leaningOf(name)).toBe(leaning)
})
