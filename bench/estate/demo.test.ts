// The demonstration tells its whole story in time, and every step of it can be sent.
import { describe, expect, test } from 'vitest'
import { createCorrelator } from '../../correlator/correlator.ts'
import { defaultCorrelatorSettings } from '../../correlator/settings.ts'
import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts'
import { createNormaliser } from '../../ingest/normalise.ts'
import { defaultIngestSettings } from '../../ingest/settings.ts'
import { createReplay } from '../../runtime/backtest/replay.ts'
import { atPace, createDemo, DEMO_SEED } from './demo.ts'

const STARTS_AT = Date.UTC(2026, 5, 1, 12)

test.each(['1', '2', '3', '4'])('seed %s: the first fault shows within half a minute', (seed) => {
  const demo = createDemo(seed, STARTS_AT)
  const deploy = demo.chapters[1]!
  expect(deploy.title).toContain('bad deploy')
  const shown = demo.steps.filter(
    (step) =>
      step.kind === 'delivery' &&
      step.at < STARTS_AT + 30 * SECOND_MS &&
      JSON.stringify(step.payload).includes(deploy.title.replace('A bad deploy of ', '')),
  )
  expect(shown.length).toBeGreaterThan(0)
})

test('the story ends within three minutes', () => {
  const demo = createDemo('1', STARTS_AT)
  const [last] = demo.steps.slice(-1)
  expect(last!.at).toBeLessThan(STARTS_AT + 3 * MINUTE_MS)
  const third = demo.chapters.find((chapter) => chapter.title.includes('third time'))!
  expect(third.at).toBeLessThan(STARTS_AT + 2.5 * MINUTE_MS)
})

test('every step can be sent at its time: taken, in order, with times that fit the clock', () => {
  const normalise = createNormaliser(defaultIngestSettings)
  const { steps } = createDemo('2', STARTS_AT)
  let before = 0
  for (const [i, step] of steps.entries()) {
    expect(step.at).toBeGreaterThanOrEqual(before)
    before = step.at
    if (step.kind === 'change') {
      expect(Math.abs(step.change.startedAt - step.at)).toBeLessThan(SECOND_MS)
      continue
    }
    const { source, payload, at } = step
    const result = normalise({ source, payload, receivedAt: at, deliveryId: String(i) })
    expect(result.refusals).toEqual([])
    for (const { batch } of result.batches)
      for (const event of batch.events) {
        expect(event.flags ?? []).not.toContain('start-clamped')
        expect(at - event.startsAt).toBeLessThan(5 * MINUTE_MS)
      }
  }
})

test('settings at a pace keep everything but their durations', () => {
  const settings = { windowMs: 600, limit: 5, inner: { gapMs: 60, names: ['a'], at: null } }
  expect(atPace(settings, 60)).toEqual({
    windowMs: 10,
    limit: 5,
    inner: { gapMs: 1, names: ['a'], at: null },
  })
})

/** Plays the whole story into the pipeline at its own pace. */
const played = (seed: string) => {
  const demo = createDemo(seed, STARTS_AT)
  const replay = createReplay({
    normalise: createNormaliser(defaultIngestSettings),
    correlate: (wants) => createCorrelator(atPace(defaultCorrelatorSettings), wants),
    topology: demo.topology,
    changes: demo.steps.flatMap((step) => (step.kind === 'change' ? [step.change] : [])),
    tickMs: 100,
  })
  const deliveries = demo.steps.filter((step) => step.kind === 'delivery')
  for (const [i, { at, source, payload }] of deliveries.entries())
    replay.deliver(i + 1, { receivedAt: at, source, payload, deliveryId: String(i) })
  return { demo, ledger: replay.finish().ledger }
}

describe('the story comes true', () => {
  const { demo, ledger } = played(DEMO_SEED)
  const incidents = [...ledger.incidents.values()].filter((one) => one.status !== 'merged')
  const chapter = (words: string) => demo.chapters.find((one) => one.title.includes(words))!
  const named = (title: string, before: string, after = ''): string =>
    title.slice(title.indexOf(before) + before.length, after ? title.indexOf(after) : undefined)

  test('the bad deploy is an incident within its first half minute', () => {
    const { at, title } = chapter('bad deploy')
    const deployed = named(title, 'bad deploy of ')
    const found = incidents.filter(
      (one) => one.cis.includes(deployed) && one.openedAt >= at - 5_000,
    )
    expect(found[0]!.openedAt).toBeLessThan(at + 30_000)
  })

  test('the storm is one incident that says which switch failed', () => {
    const { title } = chapter('switch fails')
    const largest = incidents.reduce((a, b) => (b.alertCount > a.alertCount ? b : a))
    expect(largest.alertCount).toBeGreaterThan(25)
    expect(largest.hints.slice(0, 3).map((hint) => hint.ci)).toContain(
      named(title, 'fails: ', ' takes'),
    )
  })

  test('the third leak turns a pattern into a problem', () => {
    const leaking = named(chapter('third time').title, '', ' leaks')
    const problems = [...ledger.problems.values()]
    const leak = problems.find((problem) => problem.alertNames.includes('MemoryNearLimit'))
    expect(leak?.incidentIds).toHaveLength(3)
    expect(leak?.cis).toContain(leaking)
  })

  test('at its end the overloaded database still waits for somebody', () => {
    const database = named(chapter('over to you').title, '', ' is overloaded')
    const end = demo.steps.at(-1)!.at
    const waiting = incidents.filter(({ resolvedAt = Infinity }) => resolvedAt > end)
    expect(waiting.flatMap(({ cis }) => cis)).toContain(database)
  })
})
