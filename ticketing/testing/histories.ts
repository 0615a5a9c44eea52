// Made-up histories of the desk: what the correlator says and what people do, in any order.
import fc from 'fast-check'
import type { Desk } from '../desk.ts'
import { aCommand, alertOutput, anEntry, from, incidentOutput, outputs, START } from './records.ts'

/** Steps of a made-up history: what the correlator says and what people do, in any order. */
export const step = fc.oneof(
  fc.record({
    topic: fc.constant('incidents' as const),
    incident: fc.integer({ min: 1, max: 3 }),
    version: fc.integer({ min: 1, max: 6 }),
    status: fc.constantFrom('open' as const, 'resolved' as const, 'merged' as const),
    severity: fc.constantFrom('critical' as const, 'warning' as const),
    muted: fc.boolean(),
  }),
  fc.record({
    topic: fc.constant('commands' as const),
    incident: fc.integer({ min: 1, max: 4 }),
    key: fc.integer({ min: 1, max: 8 }),
    action: fc.constantFrom(
      'incident.acknowledge',
      'incident.resolve',
      'incident.reopen',
      'incident.notes',
      'incident.hold',
      'incident.close',
      'silence.create',
      'window.create',
    ),
  }),
)
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const BODIES: Record<string, object> = {
  'incident.notes': { text: 'n' },
  'incident.hold': { reason: 'r' },
  'silence.create': { matchers: 'a="b"', comment: 'c', durationMs: 5_000 },
  'window.create': {
    title: 't',
    cis: ['db1'],
    recurrence: { cron: '0 2 * * *', timeZone: 'Europe/Berlin', durationMs: 3_600_000 },
  },
}

const recordOf = (each: Step, index: number): unknown => {
  const at = START + index * 1000
  const id = `i${each.incident}`
  if (each.topic === 'commands')
    return aCommand({
      id: `k${each.key}`,
      at,
      target: id,
      action: each.action,
      body: { ...BODIES[each.action] },
    })
  const { version, status, severity, muted } = each
  const entry = anEntry({ id: `${id}-${version}`, incidentId: id, at })
  return outputs(
    at,
    incidentOutput({ id, version, status, severity, muted }, [entry]),
    alertOutput({ id: `a-${id}`, version, incidentId: id }),
  )
}

/** Applies steps one batch per step, in their order; the position of each topic counts on. */
export const play = async (desk: Desk, steps: readonly Step[]): Promise<void> => {
  const next: Record<string, number> = { incidents: 0, commands: 0 }
  for (const [index, each] of steps.entries()) {
    const offset = next[each.topic]!
    next[each.topic] = offset + 1
    await desk.apply(
      { topic: each.topic, partition: 0, next: offset + 1 },
      from(offset, recordOf(each, index)),
    )
  }
}
