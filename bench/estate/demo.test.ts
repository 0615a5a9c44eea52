// The demonstration tells its whole story in time, and every step of it can be sent.
import { expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts'
import { createNormaliser } from '../../ingest/normalise.ts'
import { defaultIngestSettings } from '../../ingest/settings.ts'
import { atPace, createDemo } from './demo.ts'

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

test('the story ends within four minutes, its problem within three', () => {
  const demo = createDemo('1', STARTS_AT)
  const [last] = demo.steps.slice(-1)
  expect(last!.at).toBeLessThan(STARTS_AT + 4 * MINUTE_MS)
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
