// What the correlator makes of its incidents: hints that look beyond the incident, known errors.
import { describe, expect, test } from 'vitest'
import type { EventsRecord, MembershipDecision } from '../domain/records.ts'
import { HOUR_MS } from '../domain/time.ts'
import { restoreCorrelator } from './correlator.ts'
import { type CorrelatorSettings, defaultCorrelatorSettings } from './settings.ts'
import { at, type Played, play, recordsOf, topologyOf } from './testing/scenario.ts'

/** The host is a hole: no relation leads to it. */
const SHOP = topologyOf(`
  web depends_on api
  api depends_on db
`)
/** Nothing joins, as where the topology has holes: every alert is an incident of its own. */
const apart = { ...defaultCorrelatorSettings, joinThreshold: 99 }

describe('hints', () => {
  const lines = `
    00:00 fire HostDown@host-7 severity=critical
    00:20 fire HighErrorRate@api
    04:00 tick`

  test('name a CI that the topology lacks and that alerted just before in another incident', () => {
    const { world } = play(recordsOf(lines), { topology: SHOP, settings: apart })
    const { hints } = world.incidentOf('HighErrorRate@api')
    const host = hints.find(({ ci }) => ci === 'host-7')
    expect(host?.reasons.map(({ text }) => text)).toContain(
      'host-7, which the topology does not know, alerted 20 s before this began, in another incident',
    )
  })

  test('name a silent CI upstream, and say that it is silent', () => {
    const { world } = play(recordsOf(lines), { topology: SHOP })
    const silent = world.incidentOf('HighErrorRate@api').hints.find(({ ci }) => ci === 'db')
    expect(silent?.reasons.map(({ text }) => text).join()).toContain('it raised no alert itself')
  })

  test('remember what alerted elsewhere for as long as the incident lasts, restarts included', () => {
    const { world, correlator } = play(recordsOf(lines), { topology: SHOP, settings: apart })
    const restored = restoreCorrelator(correlator.snapshot(), apart)
    for (const record of recordsOf('50:00 resolve HighErrorRate@api since=00:20\n55:00 tick'))
      world.hear(restored.apply(record, restored.position()))
    const incident = world.incidentOf('HighErrorRate@api')
    expect(incident.status).toBe('resolved')
    expect(incident.hints.map(({ ci }) => ci)).toContain('host-7')
  })
})

let decisions = 0
const decided = (
  clock: string,
  decision: MembershipDecision,
  more: { readonly undo?: true } = {},
): EventsRecord => ({
  kind: 'membership',
  at: at(clock),
  commandId: `command-${decisions++}`,
  actor: 'ada',
  decision,
  ...more,
})

/** The database slows the shop down, at that hour. */
const slowDay = (hour: number): EventsRecord[] =>
  recordsOf(`
    ${hour}:00:00 fire SlowQueries@db
    ${hour}:00:20 fire HighErrorRate@api
    ${hour}:00:40 fire HighLatency@web
    ${hour}:10:00 resolve SlowQueries@db since=${hour}:00:00
    ${hour}:10:00 resolve HighErrorRate@api since=${hour}:00:20
    ${hour}:10:00 resolve HighLatency@web since=${hour}:00:40
    ${hour}:20:00 tick`)

const thrice = (over: Partial<CorrelatorSettings> = {}): Played =>
  play([0, 5, 10].flatMap(slowDay), {
    topology: SHOP,
    settings: { ...defaultCorrelatorSettings, reopenWindowMs: 600_000, ...over },
  })

const problemsOf = ({ world }: Played) =>
  world.outputs.flatMap((output) => (output.kind === 'problem' ? [output.problem] : []))

/** The first alert, and nothing else yet. */
const opening = (hour: number): EventsRecord[] => recordsOf(`${hour}:00:00 fire SlowQueries@db`)

describe('problems', () => {
  test('the third recurrence is a problem that lists all three', () => {
    const played = thrice()
    const [problem] = problemsOf(played)
    expect(problem?.title).toBe('SlowQueries on db')
    expect(problem?.incidentIds).toHaveLength(3)
    const newest = played.world.incidents.get(problem!.incidentIds.at(-1)!)
    expect(newest?.problemId).toBe(problem?.id)
  })

  test('how often, and within what time, is a setting', () => {
    const found = (over: Partial<CorrelatorSettings>) => problemsOf(thrice(over)).length > 0
    expect(found({ recurrencesMin: 4 })).toBe(false)
    expect(found({ recurrencesMin: 2, recurrenceWindowMs: 6 * HOUR_MS })).toBe(true)
    expect(found({ recurrenceWindowMs: 6 * HOUR_MS })).toBe(false)
  })

  test('the next one is told which problem it looks like with its first alert', () => {
    const played = thrice()
    played.play(opening(15))
    const { knownPatterns } = played.world.incidentOf('SlowQueries@db')
    expect(knownPatterns).toMatchObject([{ title: 'SlowQueries on db' }])
    expect(knownPatterns![0]!.similarity).toBeGreaterThan(0.5)
  })

  test('one that a person dismissed is not brought up again; taken back, it is', () => {
    const played = thrice()
    const [problem] = problemsOf(played)
    const dismiss: MembershipDecision = { action: 'dismiss-problem', problemId: problem!.id }
    played.play([decided('11:00:00', dismiss), ...opening(15)])
    expect(played.world.incidentOf('SlowQueries@db')).not.toHaveProperty('knownPatterns')
    played.play([
      decided('15:01:00', dismiss, { undo: true }),
      ...recordsOf('15:01:10 fire HighErrorRate@api\n15:01:30 tick'),
    ])
    expect(played.world.incidentOf('SlowQueries@db').knownPatterns).toHaveLength(1)
  })

  test('"not the same" takes the pattern off the incident at once; undone, it is back', () => {
    const played = thrice()
    const [problem] = problemsOf(played)
    played.play(opening(15))
    const incidentId = played.world.incidentOf('SlowQueries@db').id
    const refusal: MembershipDecision = {
      action: 'not-same-problem',
      incidentId,
      problemId: problem!.id,
    }
    played.play([decided('15:00:10', refusal), ...recordsOf('15:00:30 tick')])
    expect(played.world.incidents.get(incidentId)).not.toHaveProperty('knownPatterns')
    played.play([decided('15:00:40', refusal, { undo: true }), ...recordsOf('15:01:00 tick')])
    expect(played.world.incidents.get(incidentId)?.knownPatterns).toHaveLength(1)
  })
})

describe('verdicts on hints', () => {
  const scoreOf = (played: Played, ci: string): number =>
    played.world.incidentOf('SlowQueries@db').hints.find((hint) => hint.ci === ci)!.score

  test.each([
    ['confirm-hint', 1],
    ['reject-hint', -1],
  ] as const)('%s counts the next time, by likeness, until it is undone', (action, sign) => {
    const judged = (...later: ((incidentId: string) => EventsRecord[])[]) => {
      const played = thrice()
      const incidentId = problemsOf(played)[0]!.incidentIds.at(-1)!
      played.play([...later.flatMap((each) => each(incidentId)), ...opening(15)])
      return scoreOf(played, 'db')
    }
    const verdict = (incidentId: string): MembershipDecision => ({ action, incidentId, ci: 'db' })
    const said = (incidentId: string) => [decided('10:20:10', verdict(incidentId))]
    const undone = (incidentId: string) => [
      decided('10:20:20', verdict(incidentId), { undo: true }),
    ]
    expect(Math.sign(judged(said) - judged())).toBe(sign)
    expect(judged(said, undone)).toBe(judged())
  })
})
