// Remembers what came of every event, so that the final incident of each is known at the end.
import type { Alert } from '../../domain/alert.ts'
import type { Evidence } from '../../domain/evidence.ts'
import type { Incident } from '../../domain/incident.ts'
import type { ProblemCandidate } from '../../domain/problem.ts'
import type { CorrelatorOutput } from '../../domain/records.ts'
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
  readonly incidentId: string | undefined
  readonly evidence: readonly Evidence[]
  readonly occurrences: number
}

export interface Ledger {
  /** Takes note of the events of one batch of a delivery; `went` then speaks of these. */
  delivered(line: number, batch: ScopeBatch): void
  /** The alert that an event of the batch at hand went to; undefined = it opened none. */
  went(indexInBatch: number, alertId: string | undefined): void
  /** An alert that its incident only counts and does not tell one by one. */
  folded(alertId: string, incidentId: string): void
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
  /** Told or folded. */
  alertCount(): number
}

interface Row {
  readonly line: number
  readonly index: number
  readonly eventId: string
  alertId: string
}

export const createLedger = (): Ledger => {
  const rows: Row[] = []
  let batchFrom = 0
  const alerts = new Map<string, FinalAlert>()
  /** The incident of each alert that was folded since it was last told, by its id. */
  const folded = new Map<string, string>()
  const incidents = new Map<string, Incident>()
  const problems = new Map<string, ProblemCandidate>()

  const noteAlert = ({ id, version, incidentId, evidence, occurrences }: Alert): void => {
    const known = alerts.get(id)
    if (known === undefined || known.version < version)
      alerts.set(id, { id, version, incidentId, evidence, occurrences })
  }

  const finalIncident = (id: string): string => {
    const passed = new Set<string>()
    for (let current = id; ; ) {
      const into = incidents.get(current)?.mergedInto
      if (into === undefined) return current
      passed.add(current)
      if (passed.has(into)) throw new Error(`incidents merged in a circle: ${current} into ${into}`)
      current = into
    }
  }

  return {
    delivered: (line, { batch, indexes }) => {
      batchFrom = rows.length
      for (const [i, event] of batch.events.entries())
        rows.push({ line, index: indexes[i]!, eventId: event.id, alertId: '' })
    },
    went: (indexInBatch, alertId) => {
      const row = rows[batchFrom + indexInBatch]
      if (row === undefined) throw new RangeError(`no event ${indexInBatch} in the batch at hand`)
      row.alertId = alertId ?? ''
    },
    folded: (alertId, incidentId) => void folded.set(alertId, incidentId),
    heard: (outputs) => {
      for (const output of outputs)
        if (output.kind === 'alert') {
          folded.delete(output.alert.id)
          noteAlert(output.alert)
        } else if (output.kind === 'incident') {
          const known = incidents.get(output.incident.id)
          if (known === undefined || known.version < output.incident.version)
            incidents.set(output.incident.id, output.incident)
        } else if (output.kind === 'problem') problems.set(output.problem.id, output.problem)
    },
    *assignments() {
      for (const { line, index, eventId, alertId } of rows) {
        const incident = folded.get(alertId) ?? alerts.get(alertId)?.incidentId
        const incidentId = incident === undefined ? '' : finalIncident(incident)
        yield { line, index, eventId, alertId, incidentId }
      }
    },
    finalIncident,
    alerts,
    incidents,
    problems,
    events: () => rows.length,
    alertCount: () => {
      let untold = 0
      for (const id of folded.keys()) if (!alerts.has(id)) untold++
      return alerts.size + untold
    },
  }
}
