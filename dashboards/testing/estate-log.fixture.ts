// Test support: the known estate as the log would hold it, old versions, repeats and late records included.
import type { LogRecord } from '../../domain/ports/log.ts'
import type { CorrelatorOutput, TopicRecord } from '../../domain/records.ts'
import { MINUTE_MS } from '../../domain/time.ts'
import type { Estate } from './estate.fixture.ts'
import { logOf } from './log.fixture.ts'

/** An early telling of the same thing, which the final one must replace. */
const earlier = (output: CorrelatorOutput): CorrelatorOutput => {
  if (output.kind === 'alert')
    return {
      kind: 'alert',
      alert: { ...output.alert, version: 1, occurrences: 0, flapping: false },
    }
  if (output.kind === 'incident')
    return {
      kind: 'incident',
      entries: [],
      incident: { ...output.incident, version: 1, status: 'open', alertCount: 1 },
    }
  return output
}

const incidentsLog = ({ alerts, incidents, problems }: Estate): TopicRecord['incidents'][] => {
  const outputs: CorrelatorOutput[] = [
    ...alerts.map((alert) => ({ kind: 'alert' as const, alert })),
    ...incidents.map((incident) => ({ kind: 'incident' as const, incident, entries: [] })),
    ...problems.map((problem) => ({ kind: 'problem' as const, problem })),
  ]
  const at = (output: CorrelatorOutput): number =>
    output.kind === 'incident' ? output.incident.openedAt + MINUTE_MS : 0
  const first = outputs.map((output, cause) => ({
    at: at(output),
    cause,
    outputs: [earlier(output)],
  }))
  // Confirmed causes lift a hint to the top afterwards: that must not count as foresight.
  const last = outputs.map((output, cause) => {
    if (output.kind !== 'incident') return { at: at(output), cause, outputs: [output] }
    const { incident } = output
    const hints = [...incident.hints].reverse()
    const final = { ...output, incident: { ...incident, hints } }
    return { at: incident.lastEventAt + 24 * 60 * MINUTE_MS, cause, outputs: [final] }
  })
  return [...first, ...last]
}

const twiceAndLate = <T>(records: readonly T[]): T[] => {
  const late = records.filter((_, i) => i % 5 === 0)
  return [...records.filter((_, i) => i % 5 !== 0), ...late, ...records.slice(0, 20)]
}

/** Each topic's partition 0, in offset order. */
export const estateLog = (estate: Estate): LogRecord[][] => [
  logOf('events', [
    ...estate.batches,
    ...estate.changes.map((change) => ({ kind: 'change' as const, at: change.startedAt, change })),
    ...estate.decisions,
  ]),
  logOf('incidents', incidentsLog(estate)),
  logOf('tickets', twiceAndLate(estate.tickets)),
  logOf('dead-letters', estate.deadLetters),
]
