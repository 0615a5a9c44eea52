// Writes what a backtest found, in the formats that scripts rely on.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Hint } from '../../domain/evidence.ts'
import type { Incident } from '../../domain/incident.ts'
import type { ProblemCandidate } from '../../domain/problem.ts'
import { isoTime } from '../../domain/time.ts'
import type { Ledger } from './ledger.ts'

const FLUSH_LENGTH = 1 << 18

/** Writes text piece by piece, in few system calls; a short write is finished, never lost. */
const writeFileOf = (path: string, pieces: Iterable<string>): void => {
  const file = openSync(path, 'w')
  const flush = (text: string): void => {
    const bytes = Buffer.from(text)
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
  }
  try {
    let pending = ''
    for (const piece of pieces) {
      pending += piece
      if (pending.length < FLUSH_LENGTH) continue
      flush(pending)
      pending = ''
    }
    flush(pending)
  } finally {
    closeSync(file)
  }
}

function* jsonLines(items: Iterable<unknown>): Generator<string> {
  for (const item of items) yield `${JSON.stringify(item)}\n`
}

/** Quoted only where the text would break the row apart. */
const cell = (text: string): string =>
  /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

function* assignmentRows(ledger: Ledger): Generator<string> {
  yield 'line,index,event_id,alert_id,incident_id\n'
  for (const { line, index, eventId, alertId, incidentId } of ledger.assignments())
    yield `${line},${index},${cell(eventId)},${cell(alertId)},${cell(incidentId)}\n`
}

const hintRow = ({ ci, change, score, confidence, reasons }: Hint) => ({
  ci,
  ...(change !== undefined && { change }),
  score,
  confidence,
  reasons,
})

const hintRows = (hints: readonly Hint[]) =>
  [...hints].sort((a, b) => b.score - a.score).map(hintRow)

const incidentRow = (incident: Incident, problemId: string | undefined) => ({
  incident_id: incident.id,
  title: incident.title,
  severity: incident.severity,
  opened_at: isoTime(incident.openedAt),
  resolved_at: incident.resolvedAt === undefined ? null : isoTime(incident.resolvedAt),
  alerts: incident.alertCount,
  cis: incident.cis,
  hints: hintRows(incident.hints),
  problem_id: problemId ?? null,
})

const problemRow = (problem: ProblemCandidate, incidentIds: readonly string[]) => ({
  problem_id: problem.id,
  title: problem.title,
  incident_ids: incidentIds,
  hints: hintRows(problem.hints),
  statistics: problem.statistics,
  signature: problem.signature,
  found_by: problem.foundBy,
})

/** Incidents that still stand: a merged one lives on in another. */
export const standingIncidents = (ledger: Ledger): Incident[] =>
  [...ledger.incidents.values()].filter((incident) => incident.status !== 'merged')

function* evidenceRows(ledger: Ledger): Generator<unknown> {
  for (const { id, incidentId, evidence } of ledger.alerts.values())
    if (incidentId !== undefined)
      yield { incident_id: ledger.finalIncident(incidentId), alert_id: id, reasons: evidence }
}

export const writeResults = (out: string, ledger: Ledger): void => {
  mkdirSync(out, { recursive: true })
  const problems = [...ledger.problems.values()].map((problem) => ({
    problem,
    incidentIds: [...new Set(problem.incidentIds.map(ledger.finalIncident))],
  }))
  const problemOf = new Map(
    problems.flatMap(({ problem, incidentIds }) => incidentIds.map((id) => [id, problem.id])),
  )
  writeFileOf(join(out, 'assignments.csv'), assignmentRows(ledger))
  writeFileOf(
    join(out, 'incidents.jsonl'),
    jsonLines(
      standingIncidents(ledger).map((incident) =>
        incidentRow(incident, problemOf.get(incident.id) ?? incident.problemId),
      ),
    ),
  )
  writeFileOf(
    join(out, 'problems.jsonl'),
    jsonLines(problems.map(({ problem, incidentIds }) => problemRow(problem, incidentIds))),
  )
  writeFileOf(join(out, 'evidence.jsonl'), jsonLines(evidenceRows(ledger)))
}

export const writeJsonLines = (out: string, name: string, items: Iterable<unknown>): void => {
  mkdirSync(out, { recursive: true })
  writeFileOf(join(out, name), jsonLines(items))
}

export const writeJson = (out: string, name: string, value: unknown): void => {
  mkdirSync(out, { recursive: true })
  writeFileOf(join(out, name), [`${JSON.stringify(value, null, 2)}\n`])
}
