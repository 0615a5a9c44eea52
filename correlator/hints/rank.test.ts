// Ranking on small estates: who is suspected first, why, and at what bounded cost.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Change } from '../../domain/change.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts'
import type { RelationType } from '../../domain/topology.ts'
import { createHintLearning } from './knowledge.ts'
import { rankHints } from './rank.ts'
import { cellKey } from './scene.ts'
import { DEFAULT_HINT_SETTINGS } from './settings.ts'
import { createTopologyView } from './topology-view.ts'
import type { HintAlert, HintInput } from './types.ts'

const NOW = 1_780_000_000_000

const alert = (ci: string, name: string, secondsIn: number, more: Partial<HintAlert> = {}) => ({
  id: `${ci}/${name}/${secondsIn}`,
  ci,
  name,
  severity: 'error' as const,
  startsAt: NOW + secondsIn * SECOND_MS,
  firstSeen: NOW + secondsIn * SECOND_MS + 500,
  source: 'prometheus',
  ...more,
})

const relate = (...lines: string[]) =>
  lines.map((line) => {
    const [from, type, to] = line.split(' ') as [string, RelationType, string]
    return { from, type, to }
  })

/** Three services of one shop on one database, on one host behind a switch. */
const SHOP = createTopologyView({
  cis: [{ id: 'db', kind: 'database', name: 'payments-db', attributes: {} }],
  relations: relate(
    'checkout depends_on db',
    'cart depends_on db',
    'web depends_on cart',
    'web depends_on checkout',
    'db runs_on host-7',
    'host-7 connects_to sw-1',
    'wiki depends_on wiki-db',
  ),
})

/** As much of it as knows every CI that alerts in a test. */
const WHOLE = createTopologyView({
  cis: ['checkout', 'cart', 'wiki-db'].map((id) => ({
    id,
    kind: 'service',
    name: id,
    attributes: {},
  })),
  relations: relate('checkout depends_on db', 'cart depends_on db', 'wiki depends_on wiki-db'),
})

/** Ordinary days: one unrelated incident after the other. */
const experienced = (incidents = 60) => {
  const learning = createHintLearning()
  for (let i = 0; i < incidents; i++)
    learning.incidentClosed(
      [{ ci: `host-${i % 9}0`, name: 'BackupLate' }],
      undefined,
      NOW - HOUR_MS,
    )
  return learning
}

const inputOf = (alerts: readonly HintAlert[], more: Partial<HintInput> = {}): HintInput => ({
  alerts,
  topology: SHOP,
  changesOn: () => [],
  knowledge: experienced().knowledge,
  now: NOW + 10 * MINUTE_MS,
  ...more,
})

const CASCADE = [
  alert('db', 'ConnectionsExhausted', 0),
  alert('checkout', 'HighErrorRate', 40),
  alert('cart', 'HighErrorRate', 55),
  alert('web', 'HighLatency', 80),
]

const suspects = (input: HintInput): string[] => rankHints(input).map(({ ci }) => ci)

describe('ranking root-cause hints', () => {
  test('what all others depend on, and what alerted first, is suspected first', () => {
    const [top] = rankHints(inputOf(CASCADE))
    expect(top?.ci).toBe('db')
    expect(top?.confidence).toBeGreaterThan(0.8)
  })

  test('the reasons are sentences that a person can check', () => {
    const deployed: Change = {
      id: 'CHG-1',
      ci: 'db',
      type: 'deployment',
      summary: 'v2',
      startedAt: NOW - 6 * MINUTE_MS,
    }
    const [top] = rankHints(
      inputOf(CASCADE, { changesOn: (ci) => (ci === 'db' ? [deployed] : []) }),
    )
    expect(top?.change).toBe('CHG-1')
    expect(top?.reasons.map(({ signal, text }) => `${signal}: ${text}`)).toEqual([
      'change: payments-db: deployment CHG-1 (v2) started 6 min earlier',
      'role: ConnectionsExhausted, as on payments-db, reads like a cause',
      'rarity: ConnectionsExhausted on payments-db is rare here: in 0 of the last 60 incidents',
      'coverage: 3 of 3 other alerting CIs depend on payments-db',
      'onset: payments-db alerted 40 s before the next',
    ])
  })

  test('a silent CI that alone explains several is suspected, and said to be silent', () => {
    const hints = rankHints(
      inputOf([alert('checkout', 'Down', 10), alert('cart', 'Down', 12), alert('web', 'Down', 20)]),
    )
    const silent = hints.find(({ ci }) => ci === 'db')
    expect(silent?.alertName).toBeUndefined()
    expect(silent?.reasons.map(({ text }) => text).join()).toContain('it raised no alert itself')
  })

  test('what alerted after a CI that it depends on is rather struck than striking', () => {
    const { reasons } = rankHints(inputOf(CASCADE)).find(({ ci }) => ci === 'checkout')!
    expect(reasons).toContainEqual({
      signal: 'upstream',
      weight: -1.4,
      text: 'payments-db, on which checkout depends, alerted 40 s before it',
    })
  })

  test('a change after the onset is not suspected', () => {
    const later = { id: 'C', ci: 'db', type: 'x', summary: '', startedAt: NOW + 5 * MINUTE_MS }
    const [top] = rankHints(inputOf(CASCADE, { changesOn: () => [later] }))
    expect(top?.change).toBeUndefined()
  })

  test('a change on a CI that is quiet does not outrank the CI that shouts', () => {
    const change = { id: 'C', ci: 'db', type: 'x', summary: '', startedAt: NOW - MINUTE_MS }
    const alerts = ['MemoryNearLimit', 'OOMKilled', 'ProbeFailed'].map((name, i) =>
      alert('checkout', name, i * 10),
    )
    const { knowledge } = experienced(3)
    const changesOn = (ci: string) => (ci === 'db' ? [change] : [])
    expect(suspects(inputOf(alerts, { knowledge, changesOn }))[0]).toBe('checkout')
  })

  test('a CI that alerts in another incident is suspected where the incident depends on it', () => {
    const symptoms = [alert('checkout', 'HighErrorRate', 40), alert('cart', 'HighLatency', 55)]
    const elsewhere = [alert('host-7', 'HostDown', 20, { severity: 'critical' })]
    expect(suspects(inputOf(symptoms))).not.toContain('wiki-db')
    expect(suspects(inputOf(symptoms, { elsewhere }))[0]).toBe('host-7')
    const unrelated = [alert('wiki-db', 'HostDown', 20, { severity: 'critical' })]
    expect(suspects(inputOf(symptoms, { elsewhere: unrelated, topology: WHOLE }))).not.toContain(
      'wiki-db',
    )
  })

  test('where the topology has holes, what nothing relates may be the cause all the same', () => {
    const symptoms = [alert('checkout', 'HighErrorRate', 40), alert('pod-7', 'CrashLooping', 55)]
    const lone = alert('wiki-db', 'HostDown', 20, { severity: 'critical', lone: true })
    const placeOf = (elsewhere: HintAlert) =>
      rankHints(inputOf(symptoms, { elsewhere: [elsewhere], topology: WHOLE })).find(
        ({ ci }) => ci === 'wiki-db',
      )
    expect(placeOf(lone)?.reasons.map(({ text }) => text)).toContain(
      'wiki-db, which nothing here is known to depend on, alerted 20 s before this began, in another incident',
    )
    expect(placeOf(lone)!.score).toBeGreaterThan(placeOf({ ...lone, lone: false })!.score)
  })

  test('where no alert reads like a cause, one that is not here is suspected the more', () => {
    const headless = (name: string) => {
      const hints = rankHints(inputOf([alert('checkout', name, 0), alert('cart', 'Errors', 9)]))
      const silent = hints.find(({ ci }) => ci === 'db')
      return silent?.reasons.find(({ signal }) => signal === 'headless')?.weight
    }
    expect(headless('HighLatency')).toBeGreaterThan(0)
    expect(headless('FilesystemFull')).toBeUndefined()
  })

  test('what leaves others unexplained is suspected less than what explains them all', () => {
    const wide = [...CASCADE, alert('wiki', 'HighErrorRate', 30)]
    const coverage = (alerts: readonly HintAlert[]) =>
      rankHints(inputOf(alerts))
        .find(({ ci }) => ci === 'db')
        ?.reasons.find(({ signal }) => signal === 'coverage')?.weight
    expect(coverage(wide)).toBeLessThan(coverage(CASCADE)!)
  })

  test('without any CI in the incident nobody is suspected, whatever alerts elsewhere', () => {
    const { ci: _, ...unbound } = alert('x', 'Odd', 0)
    expect(rankHints(inputOf([unbound], { elsewhere: [alert('host-7', 'Down', 0)] }))).toEqual([])
  })

  test('an alert that complains of its peer speaks against the peer', () => {
    const alerts = [alert('a', 'CallFailed', 0, { about: 'b' }), alert('b', 'CallFailed', 0)]
    expect(suspects(inputOf(alerts))[0]).toBe('b')
  })

  test('chatter that fell into an incident is not blamed', () => {
    const { knowledge } = experienced(200)
    const alerts = [alert('web', 'BackupLate', 0), alert('checkout', 'BatchAborted', 30)]
    expect(suspects(inputOf(alerts, { knowledge }))[0]).toBe('checkout')
  })

  describe('on an empty installation', () => {
    const { knowledge } = createHintLearning()

    test('even the only suspect is not sure, and its confidence is called a prior', () => {
      const [only] = rankHints(inputOf([alert('web-1', 'DiskFull', 0)], { knowledge }))
      expect(only?.confidence).toBeLessThan(0.9)
      expect(only?.reasons.at(-1)).toEqual({
        signal: 'prior',
        weight: 0,
        text: 'no incident has ended here yet: the confidence is a prior, not a rate seen here',
      })
    })

    test('nothing is said of a history that there is not', () => {
      const signals = rankHints(inputOf(CASCADE, { knowledge })).flatMap(({ reasons }) =>
        reasons.map(({ signal }) => signal),
      )
      expect(signals).not.toContain('rarity')
      expect(signals).not.toContain('history')
    })

    test('experience makes the same evidence surer, and ends the prior', () => {
      const sure = (incidents: number) =>
        rankHints(inputOf(CASCADE, { knowledge: experienced(incidents).knowledge }))[0]!
      expect(sure(200).confidence).toBeGreaterThan(sure(5).confidence)
      expect(sure(5).reasons.at(-1)?.text).toContain('only 5 have ended here yet')
      expect(sure(200).reasons.map(({ signal }) => signal)).not.toContain('prior')
    })
  })

  test('people who confirmed a cause are heard the next time, and no more once it is undone', () => {
    const learning = experienced()
    const alerts = [alert('a', 'Odd', 0), alert('b', 'Odd', 0)]
    const input = inputOf(alerts, { knowledge: learning.knowledge })
    expect(suspects(input)[0]).toBe('a')
    const cells = [cellKey('a', 'Odd'), cellKey('b', 'Odd')]
    learning.decided({ incidentId: 'I-1', ci: 'b', confirmed: true, at: NOW, cells })
    expect(suspects(input)[0]).toBe('b')
    learning.undecided('I-1', 'b')
    expect(suspects(input)[0]).toBe('a')
  })

  test('the order in which alerts are listed does not matter', () => {
    const expected = rankHints(inputOf(CASCADE))
    fc.assert(
      fc.property(fc.shuffledSubarray(CASCADE, { minLength: CASCADE.length }), (alerts) => {
        expect(rankHints(inputOf(alerts))).toEqual(expected)
      }),
    )
  })

  test('confidences are rates, and hints come likeliest first', () => {
    const names = fc.constantFrom('HighErrorRate', 'DiskFull', 'Odd')
    const cis = fc.constantFrom('db', 'checkout', 'cart', 'web', 'host-7', 'unknown-1')
    const one = fc.tuple(cis, names, fc.integer({ min: -600, max: 600 }))
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), (rows) => {
        const hints = rankHints(inputOf(rows.map(([ci, name, at]) => alert(ci, name, at))))
        const scores = hints.map(({ score }) => score)
        expect(scores).toEqual([...scores].sort((a, b) => b - a))
        for (const { confidence } of hints) {
          expect(confidence).toBeGreaterThanOrEqual(0)
          expect(confidence).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  test('nothing with a CI, nothing suspected', () => {
    const { ci: _, ...unbound } = alert('x', 'Odd', 0)
    expect(rankHints(inputOf([]))).toEqual([])
    expect(rankHints(inputOf([unbound]))).toEqual([])
  })

  test('ten thousand alerts cost what the caps allow', () => {
    let lookups = 0
    const counting = {
      ...SHOP,
      dependencies: (ci: string) => {
        lookups += 1
        return SHOP.dependencies(ci)
      },
    }
    const many = Array.from({ length: 10_000 }, (_, i) => alert(`s${i}`, 'HighErrorRate', i / 100))
    const hints = rankHints(inputOf(many, { topology: counting }))
    expect(hints).toHaveLength(DEFAULT_HINT_SETTINGS.hintsMax)
    expect(lookups).toBeLessThanOrEqual(
      DEFAULT_HINT_SETTINGS.alertingMax * DEFAULT_HINT_SETTINGS.walkMax,
    )
  })
})
