// Alert types out of free text: the same for every host and figure.
import { describe, expect, test } from 'vitest'
import { alertType } from './alert-type.ts'

describe('alertType', () => {
  test.each([
    ['High CPU on web-1', ['web-1'], 'High CPU'],
    ['CPU of web-1 is high', ['web-1'], 'CPU is high'],
    ['DiskFull: /var on db-1 is at 97 %', ['db-1'], 'DiskFull'],
    ['CPUThrottling: pod x', [], 'CPUThrottling'],
    ['MySQL: Service is down', [], 'MySQL: Service is down'],
    ['Linux: High CPU utilization', [], 'Linux: High CPU utilization'],
    ['Interface eth3 on sw-1: Link down', ['sw-1'], 'Interface eth3 : Link down'],
    ['Response time 2315 ms > 2000 ms', [], 'Response time # ms > # ms'],
    ['10.1.2.3:9100 is unreachable', [], '# is unreachable'],
    ['Job 3f2b8c1d-77aa failed', [], 'Job # failed'],
    ['used 93% (limit 90%)', [], 'used #% (limit #%)'],
    ['web-1', ['web-1'], 'web-1'],
    ['first line\nsecond line', [], 'first line'],
    ['python3 is down', [], 'python3 is down'],
  ])('%s', (text, names, expected) => expect(alertType(text, names)).toBe(expected))
})
