// Snapshots as versions before 2026-11-20 wrote them: an object a line, long lists in the head.
import type { Topology } from '../domain/topology.ts'
import type { EpochCountsJson } from './epoch-counts.ts'
import type { ReplaySeed } from './replays.ts'
import { createAlertMaker } from './snapshot-alerts.ts'
import type { LineReader } from './snapshot-lines.ts'
import type {
  AlertParts,
  FaceLine,
  NodeLine,
  Ref,
  Small,
  SnapshotParts,
  WorldParts,
} from './snapshot-parts.ts'

export interface FormatOneHead extends Small {
  readonly format: 1
  readonly topology: Topology
  readonly replays: ReplaySeed
  readonly knowledge: readonly (readonly [string, EpochCountsJson])[]
  readonly alerts: number
  readonly nodes: number
  readonly faces: number
}

type AlertLine = Readonly<Record<string, unknown>> & {
  readonly incident: Ref | null
  readonly live: boolean
}

export const readFormatOne = (head: FormatOneHead, lines: LineReader): SnapshotParts => {
  function* each<T>(count: number): Generator<T> {
    for (let i = 0; i < count; i++) yield lines.next() as T
  }
  return {
    small: head,
    topology: head.topology,
    replays: head.replays,
    knowledge: new Map(head.knowledge),
    *alerts(): Generator<AlertParts> {
      for (const { incident, live, ...fields } of each<AlertLine>(head.alerts))
        yield {
          alert: createAlertMaker(Object.keys(fields))(Object.values(fields)),
          incident,
          live,
        }
    },
    nodes: () => each<NodeLine>(head.nodes),
    faces: () => each<FaceLine>(head.faces),
    worlds: () => each<WorldParts>(head.knowledge.length),
  }
}
