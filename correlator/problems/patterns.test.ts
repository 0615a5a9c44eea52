// Patterns over time: promoted when they recur, recognised when they open, corrected by people.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ProblemCandidate } from '../../domain/problem.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import { createPatterns, type Patterns } from './patterns.ts'
import { alertsOf, closedIncident, MONDAY } from './problems.fixture.ts'
import { DEFAULT_PATTERN_SETTINGS } from './settings.ts'
import type { ClosedIncident, PatternIncident } from './types.ts'

const nameOf = (ci: string): string => ci
const fresh = (): Patterns => createPatterns(nameOf)

const SLOW_DB = ['DbSlowQueries@db-1', 'HighErrorRate@web', 'HighLatency@cart']
const slowDb = (n: number, hoursIn = n * 24, more: Partial<ClosedIncident> = {}) =>
  closedIncident(`slow-${n}`, hoursIn, 'db-1', SLOW_DB, more)

/** Closes them in order; the newest version of each problem that was told. */
const close = (patterns: Patterns, incidents: readonly ClosedIncident[]) => {
  const problems = new Map<string, ProblemCandidate>()
  for (const incident of incidents)
    for (const problem of patterns.closed(incident, incident.resolvedAt))
      problems.set(problem.id, problem)
  return [...problems.values()]
}

const opening = (id: string, lines: readonly string[], cause?: string): PatternIncident => ({
  id,
  scope: 'default',
  openedAt: MONDAY + 200 * HOUR_MS,
  alerts: alertsOf(lines),
  hints: cause === undefined ? [] : [{ ci: cause, score: 1, confidence: 0.8, reasons: [] }],
})

describe('promotion', () => {
  test('a pattern becomes a problem when it recurs the third time', () => {
    const patterns = fresh()
    expect(close(patterns, [slowDb(0), slowDb(1)])).toEqual([])
    const [problem, ...others] = close(patterns, [slowDb(2)])
    expect(others).toEqual([])
    expect(problem).toMatchObject({
      version: 1,
      title: 'DbSlowQueries on db-1',
      foundBy: 'recurrence',
      incidentIds: ['slow-0', 'slow-1', 'slow-2'],
      alertNames: ['DbSlowQueries', 'HighErrorRate', 'HighLatency'],
    })
    expect(problem?.hints[0]?.reasons[0]?.text).toBe('suspected first in 3 of 3 recurrences')
  })

  test('thrice in more than the window is no pattern', () => {
    expect(close(fresh(), [slowDb(0), slowDb(1), slowDb(40)])).toEqual([])
  })

  test('a further recurrence is the same problem, told again', () => {
    const [problem, ...others] = close(
      fresh(),
      [0, 1, 2, 3].map((n) => slowDb(n)),
    )
    expect(others).toEqual([])
    expect(problem).toMatchObject({ version: 2, statistics: { count: 4 } })
  })

  test('a known problem is known again after a year of silence', () => {
    const [problem] = close(
      fresh(),
      [0, 1, 2, 365].map((n) => slowDb(n)),
    )
    expect(problem?.incidentIds).toContain('slow-365')
  })

  test('different symptoms downstream are the same pattern, another fault on the CI is not', () => {
    const other = (n: number) =>
      closedIncident(`full-${n}`, n * 24 + 5, 'db-1', ['DiskFull@db-1', 'HighErrorRate@web'])
    const varied = [
      slowDb(0),
      closedIncident('slow-1', 30, 'db-1', ['DbSlowQueries@db-1', 'ProbeFailed@pay']),
      closedIncident('slow-2', 60, 'db-1', ['DbSlowQueries@db-1']),
    ]
    const problems = close(fresh(), [...varied, other(0), other(1), other(2)])
    expect(problems.map(({ title }) => title).sort()).toEqual([
      'DbSlowQueries on db-1',
      'DiskFull on db-1',
    ])
  })

  test('the same fault on a sister host is another problem, linked to this one', () => {
    const on = (host: string) =>
      [0, 1, 2].map((n) =>
        closedIncident(`${host}-${n}`, n * 9, host, [`DiskFull@${host}`, 'Slow@x']),
      )
    const problems = close(fresh(), [...on('web-01'), ...on('web-02')])
    expect(problems).toHaveLength(2)
    const [one, two] = problems
    expect(one?.linkedTo).toEqual([two?.id])
    expect(two?.linkedTo).toEqual([one?.id])
  })

  test('a scope keeps its patterns to itself', () => {
    const incidents = [slowDb(0), slowDb(1), slowDb(2, 50, { scope: 'other' })]
    expect(close(fresh(), incidents)).toEqual([])
  })

  test('incidents whose cause is likelier wrong than right make no problem once there is experience', () => {
    const unsure = (n: number) =>
      slowDb(n, n, { hints: [{ ci: 'db-1', score: 1, confidence: 0.2, reasons: [] }] })
    const others = Array.from({ length: 120 }, (_, i) =>
      closedIncident(`other-${i}`, 0, `ci-${i}`, [`Odd${i}@ci-${i}`]),
    )
    expect(close(fresh(), [unsure(0), unsure(1), unsure(2)])).toHaveLength(1)
    expect(close(fresh(), [...others, unsure(0), unsure(1), unsure(2)])).toEqual([])
  })

  test('closing an incident again counts it once', () => {
    const [problem] = close(fresh(), [slowDb(0), slowDb(1), slowDb(2), slowDb(2), slowDb(0)])
    expect(problem?.statistics.count).toBe(3)
  })

  test('what is promoted does not depend on the order in which incidents close', () => {
    const faults = [
      ['db-1', 'DbSlowQueries@db-1', 'HighErrorRate@web'],
      ['web', 'PodRestarting@web', 'HighErrorRate@web'],
      ['host-3', 'HostDown@host-3', 'HighErrorRate@web'],
      ['', 'Unbound', 'Odd'],
    ] as const
    const incidents = Array.from({ length: 14 }, (_, i) => {
      const [cause, ...lines] = faults[i % faults.length]!
      const hints = cause === '' ? { hints: [] } : {}
      return closedIncident(`I-${i}`, i * 7, cause, lines, hints)
    })
    const now = MONDAY + 10 * DAY_MS
    const groups = (order: readonly ClosedIncident[]) => {
      const patterns = fresh()
      for (const incident of order) patterns.closed(incident, now)
      const byProblem = new Map<string, string[]>()
      for (const { id } of incidents) {
        const problem = patterns.problemOf(id)
        if (problem !== undefined) byProblem.set(problem, [...(byProblem.get(problem) ?? []), id])
      }
      return [...byProblem].sort()
    }
    const expected = groups(incidents)
    expect(expected.map(([, ids]) => ids.length).sort()).toEqual([3, 3, 4, 4])
    fc.assert(
      fc.property(fc.shuffledSubarray(incidents, { minLength: incidents.length }), (order) => {
        expect(groups(order)).toEqual(expected)
      }),
    )
  })
})

describe('chatter', () => {
  const single = (n: number, ci: string, name = 'BackupLate') =>
    closedIncident(`${name}-${ci}-${n}`, n, ci, [`${name}@${ci}`])

  test('alerts that come alone, now on this CI and now on that, are no pattern', () => {
    const incidents = Array.from({ length: 300 }, (_, i) => single(i, `host-${(i * 37) % 90}`))
    expect(close(fresh(), incidents)).toEqual([])
  })

  test('one that keeps firing on one CI beyond chance is', () => {
    const everywhere = Array.from({ length: 100 }, (_, i) => single(i, `host-${i % 90}`))
    const chronic = Array.from({ length: 12 }, (_, i) => single(100 + i, 'host-7'))
    const problems = close(fresh(), [...everywhere, ...chronic])
    expect(problems.map(({ title }) => title)).toEqual(['BackupLate on host-7'])
  })

  test('a change just before makes one alert that comes alone more than chatter', () => {
    const everywhere = Array.from({ length: 60 }, (_, i) => single(i, `web-${i % 20}`, 'Errors'))
    const deployed = (weight: number) =>
      [0, 1, 2].map((n) => ({
        ...single(200 + n, 'web-7', 'Errors'),
        hints: [
          {
            ci: 'web-7',
            change: `CHG-${n}`,
            score: 9,
            confidence: 0.99,
            reasons: [{ signal: 'change', weight, text: '' }],
          },
        ],
      }))
    expect(close(fresh(), [...everywhere, ...deployed(0.5)])).toEqual([])
    expect(close(fresh(), [...everywhere, ...deployed(7.5)])).toHaveLength(1)
  })

  test('it does not swell a problem that has other incidents, unless it too is beyond chance', () => {
    const everywhere = Array.from({ length: 60 }, (_, i) =>
      single(i, `host-${i % 20}`, 'DbSlowQueries'),
    )
    const patterns = fresh()
    close(patterns, [...everywhere, slowDb(3), slowDb(4), slowDb(5)])
    close(patterns, [single(150, 'db-1', 'DbSlowQueries')])
    expect(patterns.problemOf('slow-5')).toBeDefined()
    expect(patterns.problemOf('DbSlowQueries-db-1-150')).toBeUndefined()
    const again = Array.from({ length: 12 }, (_, i) => single(151 + i, 'db-1', 'DbSlowQueries'))
    close(patterns, again)
    expect(patterns.problemOf('DbSlowQueries-db-1-150')).toBe(patterns.problemOf('slow-5'))
  })

  test('what touches one CI alone recurs there, whatever silent thing is suspected behind it', () => {
    const suspecting = (n: number, ci: string) =>
      closedIncident(`odd-${n}`, n * 9, ci, ['Odd@web', 'Worse@web'])
    const [problem] = close(fresh(), [suspecting(0, 'x'), suspecting(1, 'y'), suspecting(2, 'z')])
    expect(problem?.incidentIds).toEqual(['odd-0', 'odd-1', 'odd-2'])
  })

  test('the first pattern of a small installation needs no comparison', () => {
    expect(close(fresh(), [single(0, 'web'), single(1, 'web'), single(2, 'web')])).toHaveLength(1)
  })
})

describe('recognition', () => {
  const known = () => {
    const patterns = fresh()
    const others = Array.from({ length: 20 }, (_, i) =>
      closedIncident(`other-${i}`, i, `ci-${i}`, [`Odd${i}@ci-${i}`, 'HighErrorRate@web']),
    )
    const [problem] = close(patterns, [...others, slowDb(0), slowDb(1), slowDb(2)])
    return { patterns, problem: problem! }
  }

  test('an incident that opens like a known pattern is told so with its first alerts', () => {
    const { patterns, problem } = known()
    const [match] = patterns.match(opening('new', ['DbSlowQueries@db-1'], 'db-1'), MONDAY)
    expect(match).toMatchObject({ problemId: problem.id, title: problem.title })
    expect(match!.similarity).toBeGreaterThan(0.7)
  })

  test('the more it looks like it the more similar it is', () => {
    const { patterns } = known()
    const similarity = (lines: string[], cause?: string) =>
      patterns.match(opening('new', lines, cause), MONDAY)[0]?.similarity ?? 0
    expect(similarity(SLOW_DB, 'db-1')).toBeGreaterThan(0.95)
    expect(similarity([...SLOW_DB, 'Odd@other'], 'db-1')).toBeLessThan(similarity(SLOW_DB, 'db-1'))
    expect(similarity(['HighErrorRate@web'], 'web')).toBe(0)
  })

  test('a sister of the CI is recognised too: its name differs in a number only', () => {
    const { patterns, problem } = known()
    const sister = opening('new', ['DbSlowQueries@db-2', 'HighErrorRate@web'], 'db-2')
    expect(patterns.match(sister, MONDAY)[0]?.problemId).toBe(problem.id)
  })

  test('another scope knows nothing of it', () => {
    const { patterns } = known()
    const incident = { ...opening('new', SLOW_DB, 'db-1'), scope: 'other' }
    expect(patterns.match(incident, MONDAY)).toEqual([])
  })
})

describe('decisions of people', () => {
  const promoted = () => {
    const patterns = fresh()
    const [problem] = close(patterns, [slowDb(0), slowDb(1), slowDb(2)])
    return { patterns, problemId: problem!.id }
  }
  const now = MONDAY + 5 * DAY_MS
  const odd = closedIncident('odd', 80, 'web', ['PodRestarting@web'])

  test('"same problem" adds the incident, and what recurs like it; undone, it leaves', () => {
    const { patterns, problemId } = promoted()
    close(patterns, [odd])
    const decision = { incidentId: 'odd', problemId, same: true }
    const [told] = patterns.decided(decision, now)
    expect(told?.incidentIds).toContain('odd')
    close(patterns, [closedIncident('odd-2', 90, 'web', ['PodRestarting@web'])])
    expect(patterns.problemOf('odd-2')).toBe(problemId)
    const [after] = patterns.undecided(decision, now)
    expect(after?.version).toBeGreaterThan(told!.version)
  })

  test('"not the same" removes it and keeps it out when it closes again; undone, it returns', () => {
    const { patterns, problemId } = promoted()
    const decision = { incidentId: 'slow-2', problemId, same: false }
    const [told] = patterns.decided(decision, now)
    expect(told?.incidentIds).toEqual(['slow-0', 'slow-1'])
    close(patterns, [slowDb(2)])
    expect(patterns.problemOf('slow-2')).toBeUndefined()
    patterns.undecided(decision, now)
    expect(patterns.problemOf('slow-2')).toBe(problemId)
  })

  test('a decision about an incident still open holds when it closes', () => {
    const { patterns, problemId } = promoted()
    patterns.decided({ incidentId: 'odd', problemId, same: true }, now)
    close(patterns, [odd])
    expect(patterns.problemOf('odd')).toBe(problemId)
  })

  test('a refused pattern is not shown on that incident', () => {
    const { patterns, problemId } = promoted()
    const incident = opening('new', SLOW_DB, 'db-1')
    expect(patterns.match(incident, now)[0]?.problemId).toBe(problemId)
    patterns.decided({ incidentId: 'new', problemId, same: false }, now)
    expect(patterns.match(incident, now)).toEqual([])
  })
})

describe('limits and restarts', () => {
  test('the oldest recurrences are forgotten at the limit, but stay counted', () => {
    const patterns = createPatterns(nameOf, {
      ...DEFAULT_PATTERN_SETTINGS,
      occurrencesPerCauseMax: 5,
    })
    const [problem] = close(
      patterns,
      Array.from({ length: 12 }, (_, n) => slowDb(n)),
    )
    expect(problem?.statistics).toMatchObject({ count: 12, minutesLost: 12 * 30, firstAt: MONDAY })
    expect(problem?.incidentIds).toHaveLength(5)
  })

  test('closed incidents are bounded in all', () => {
    const patterns = createPatterns(nameOf, { ...DEFAULT_PATTERN_SETTINGS, occurrencesMax: 10 })
    for (let i = 0; i < 50; i++)
      patterns.closed(closedIncident(`I-${i}`, i, `ci-${i}`, [`Odd@ci-${i}`]), MONDAY)
    expect(patterns.snapshot().store.entries.length).toBeLessThanOrEqual(10)
  })

  test('problems are bounded: the one longest silent is forgotten', () => {
    const patterns = createPatterns(nameOf, { ...DEFAULT_PATTERN_SETTINGS, problemsMax: 2 })
    for (const [n, ci] of ['a', 'b', 'c'].entries())
      close(
        patterns,
        [0, 1, 2].map((i) => closedIncident(`${ci}-${i}`, n * 9 + i, ci, [`Odd@${ci}`, 'Slow@x'])),
      )
    expect(patterns.snapshot().store.problems).toHaveLength(2)
    expect(patterns.problemOf('a-0')).toBeUndefined()
  })

  test('a restored snapshot goes on as if nothing had happened', () => {
    const kinds = fc.constantFrom(
      ['db-1', 'DbSlowQueries@db-1', 'HighErrorRate@web'],
      ['web', 'PodRestarting@web'],
      ['web', 'HighErrorRate@web'],
    )
    fc.assert(
      fc.property(fc.array(kinds, { maxLength: 12 }), fc.nat(12), (list, cut) => {
        const whole = fresh()
        let parts = fresh()
        for (const [i, [cause, ...lines]] of list.entries()) {
          if (i === cut)
            parts = createPatterns(nameOf, undefined, JSON.parse(JSON.stringify(parts.snapshot())))
          const incident = closedIncident(`I-${i}`, i * 5, cause!, lines)
          const told = parts.closed(incident, incident.resolvedAt)
          expect(told).toEqual(whole.closed(incident, incident.resolvedAt))
        }
        expect(parts.snapshot()).toEqual(whole.snapshot())
      }),
    )
  })
})
