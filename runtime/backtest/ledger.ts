// Remembers what came of every event, so that the final incident of each is known at the end.
import type { Alert } from '../../domain/alert.ts'
import type { Evidence } from '../../domain/evidence.ts'
import type { Incident } from '../../domain/incident.ts'
import type { ProblemCandidate } from '../../domain/problem.ts'
import type { CorrelatorOutput } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import type { ScopeBatch } from '../../ingest/normalise.ts'

/** One accepted event and what it became. */
export interface Assignment {
  readonly line: number
  readonly index: number
  readonly eventId: string
  /** '' where it opened no alert, e.g. a resolve of nothing. */
  readonly alertId: string
  /** '' where it belongs to none. */
  readonly incidentId: string
}

export interface FinalAlert {
  readonly id: string
  readonly version: number
  readonly firstSeen: Millis
  readonly incidentId: string | undefined
  readonly evidence: readonly Evidence[]
  readonly occurrences: number
}

export interface Ledger {
  /** Takes note of the events of one delivery. */
  delivered(line: number, batch: ScopeBatch): void
  /** Takes note of what the correlator said. */
  heard(outputs: readonly CorrelatorOutput[]): void
  /** In order of line and index. */
  assignments(): Generator<Assignment>
  /** Where an incident's alerts ended after every merge. */
  finalIncident(id: string): string
  readonly alerts: ReadonlyMap<string, FinalAlert>
  readonly incidents: ReadonlyMap<string, Incident>
  readonly problems: ReadonlyMap<string, ProblemCandidate>
  events(): number
}

interface Row {
  readonly line: number
  readonly index: number
  readonly at: Millis
  readonly eventId: string
  readonly condition: string
}

/** One condition's lives, earliest first: a re-fire after the reopen window is a new alert. */
type Lives = FinalAlert[]

const conditionOf = (scope: string, fingerprint: string): string => `${scope}\u0000${fingerprint}`

const lifeAt = (lives: Lives | undefined, at: Millis): FinalAlert | undefined => {
  if (lives === undefined) return undefined
  let found = lives[0]
  for (const life of lives) if (life.firstSeen <= at) found = life
  return found
}

export const createLedger = (): Ledger => {
  const rows: Row[] = []
  const conditions = new Map<string, string>()
  const lives = new Map<string, Lives>()
  const alerts = new Map<string, FinalAlert>()
  const incidents = new Map<string, Incident>()
  const problems = new Map<string, ProblemCandidate>()

  /** One string for each condition, however many rows name it. */
  const intern = (condition: string): string => {
    const known = conditions.get(condition)
    if (known !== undefined) return known
    conditions.set(condition, condition)
    return condition
  }

  const noteAlert = (alert: Alert): void => {
    const { id, version, firstSeen, incidentId, evidence, occurrences } = alert
    const known = alerts.get(id)
    if (known !== undefined && known.version >= version) return
    const final = { id, version, firstSeen, incidentId, evidence, occurrences }
    alerts.set(id, final)
    const condition = intern(conditionOf(alert.scope, alert.fingerprint))
    const list = lives.get(condition)
    if (list === undefined) lives.set(condition, [final])
    else {
      const place = list.findIndex((life) => life.id === id)
      if (place >= 0) list[place] = final
      else list.push(final)
    }
  }

  const finalIncident = (id: string): string => {
    const passed = new Set<string>()
    let current = id
    for (;;) {
      const into = incidents.get(current)?.mergedInto
      if (into === undefined || passed.has(current)) return current
      passed.add(current)
      current = into
    }
  }

  return {
    delivered: (line, { batch, indexes }) => {
      for (const [i, event] of batch.events.entries())
        rows.push({
          line,
          index: indexes[i]!,
          at: batch.receivedAt,
          eventId: event.id,
          condition: intern(conditionOf(batch.scope, event.fingerprint)),
        })
    },
    heard: (outputs) => {
      for (const output of outputs)
        if (output.kind === 'alert') noteAlert(output.alert)
        else if (output.kind === 'incident') {
          const known = incidents.get(output.incident.id)
          if (known === undefined || known.version < output.incident.version)
            incidents.set(output.incident.id, output.incident)
        } else problems.set(output.problem.id, output.problem)
    },
    *assignments() {
      for (const { line, index, at, eventId, condition } of rows) {
        const alert = lifeAt(lives.get(condition), at)
        const incidentId = alert?.incidentId === undefined ? '' : finalIncident(alert.incidentId)
        yield { line, index, eventId, alertId: alert?.id ?? '', incidentId }
      }
    },
    finalIncident,
    alerts,
    incidents,
    problems,
    events: () => rows.length,
  }
}
