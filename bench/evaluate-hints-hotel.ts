// The hotel cases as incidents: 200 labelled faults of a booking system (TVDiag, MIT licence).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { createHintLearning } from '../correlator/hints/knowledge.ts'
import { createTopologyView } from '../correlator/hints/topology-view.ts'
import type { HintAlert } from '../correlator/hints/types.ts'
import type { Relation } from '../domain/topology.ts'
import type { KnownIncident, Ranker } from './evaluate-hints-score.ts'

type Rows = Readonly<Record<string, readonly (readonly string[])[]>>

/** No alert has a time of its own: all of a case's happen at once. */
const AT = 1_700_000_000_000
const OUTSIDE = '-1'

export const readHotel = (folder: string): KnownIncident[] => {
  const rows = (name: string): Rows =>
    JSON.parse(gunzipSync(readFileSync(join(folder, `${name}.json.gz`))).toString('utf8'))
  const [metrics, traces, logs] = [rows('metrics'), rows('traces'), rows('logs')]
  const labels = readFileSync(join(folder, 'label.csv'), 'utf8').trim().split('\n').slice(1)
  const calls = Object.values(traces).flat().filter(isCall)
  const servedBy = new Map(calls.map(([, callee, operation]) => [operation!, callee!]))
  const relations = new Map(
    calls.map(([caller, callee]) => [`${caller} ${callee}`, call(caller!, callee!)]),
  )
  const topology = createTopologyView({ cis: [], relations: [...relations.values()] })
  return labels.map((label) => {
    const [id, root] = label.split(',') as [string, string]
    const alerts = [
      ...(metrics[id] ?? []).map(([ci, metric, way]) => alertOf(ci!, `${metric} ${way}`)),
      ...(traces[id] ?? []).map(([caller, callee, operation, sign]) =>
        traceAlert(caller!, callee!, operation!, sign!, servedBy),
      ),
      ...(logs[id] ?? []).map(([ci, template]) => alertOf(ci!, `log ${template}`)),
    ]
    return { id, roots: [root], alerts, topology, changesOn: () => [], now: AT }
  })
}

const isCall = ([caller, callee]: readonly string[]): boolean =>
  caller !== OUTSIDE && caller !== callee

const call = (from: string, to: string): Relation => ({ from, to, type: 'depends_on' })

const alertOf = (ci: string, name: string, about?: string): HintAlert => ({
  id: `${ci} ${name}`,
  ci,
  name,
  severity: 'warning',
  startsAt: AT,
  firstSeen: AT,
  source: 'hotel',
  ...(about !== undefined && { about }),
})

/** A span inside the caller that carries a callee's operation is the caller's side of that call. */
const traceAlert = (
  caller: string,
  callee: string,
  operation: string,
  sign: string,
  servedBy: ReadonlyMap<string, string>,
): HintAlert => {
  const peer = servedBy.get(operation)
  const name = `${operation} ${sign}`
  return caller === callee && peer !== undefined && peer !== caller
    ? alertOf(caller, `calls ${name}`, peer)
    : alertOf(callee, name)
}

/** Each case is ranked by what all other cases' alerts teach; no label is ever read. */
export const placesLeaveOneOut = (cases: readonly KnownIncident[], rank: Ranker): number[] =>
  cases.map((one) => {
    const learning = createHintLearning()
    for (const other of cases)
      if (other !== one) learning.incidentClosed(cellsOf(other.alerts), undefined, AT)
    return rank(one, learning).indexOf(one.roots[0]!)
  })

export const cellsOf = (alerts: readonly HintAlert[]): { ci: string; name: string }[] =>
  alerts.flatMap(({ ci, name }) => (ci === undefined ? [] : [{ ci, name }]))
