// What each topic carries, and the one place that turns it into bytes and back.
import type { Alert } from './alert.ts'
import type { Change } from './change.ts'
import type { AlertEvent } from './event.ts'
import type {
  Heartbeat,
  HeartbeatDefinition,
  HeartbeatPing,
  HeartbeatTransition,
  PingDetails,
} from './heartbeat.ts'
import type { Incident, TimelineEntry } from './incident.ts'
import type { Mute } from './mute.ts'
import type { Topic } from './ports/log.ts'
import type { ProblemCandidate } from './problem.ts'
import type { Millis } from './time.ts'
import type { Topology } from './topology.ts'

/** A whole ingest batch in one record: a message costs more than an alert does. */
export interface EventsBatch {
  readonly kind: 'events'
  readonly receivedAt: Millis
  readonly source: string
  readonly scope: string
  /** Content hash of the delivery: tells a replay from a new observation. */
  readonly deliveryId: string
  readonly events: readonly AlertEvent[]
}

/** Time passes in an idle partition. */
export interface TickRecord {
  readonly kind: 'tick'
  readonly at: Millis
  /** The edge says so itself: it has begun to listen, or it still does. Silence proves the more. */
  readonly edge?: 'began' | 'alive'
}

/** The topology as a whole, replacing what was known. Appended to every partition. */
export interface TopologyRecord {
  readonly kind: 'topology'
  readonly at: Millis
  readonly topology: Topology
}

/** Appended to every partition. */
export interface ChangeRecord {
  readonly kind: 'change'
  readonly at: Millis
  readonly change: Change
}

/** A silence or maintenance window, new or changed. Appended to every partition. */
export interface MuteRecord {
  readonly kind: 'mute'
  readonly at: Millis
  readonly mute: Mute
}

/** A person's decision about what belongs together; the correlator owns membership. */
export type MembershipDecision =
  | { readonly action: 'merge'; readonly incidentId: string; readonly into: string }
  | {
      readonly action: 'split'
      readonly incidentId: string
      readonly alertIds: readonly string[]
      /** Chosen by the desk, so that it can name the new incident at once. */
      readonly newIncidentId: string
    }
  | {
      readonly action: 'move'
      readonly alertIds: readonly string[]
      readonly from: string
      readonly to: string
    }
  | {
      readonly action: 'confirm-hint' | 'reject-hint'
      readonly incidentId: string
      readonly ci: string
      readonly change?: string
    }
  | {
      readonly action: 'same-problem' | 'not-same-problem'
      readonly incidentId: string
      readonly problemId: string
    }
  | { readonly action: 'resolve' | 'reopen'; readonly incidentId: string }
  /** It is no problem: the detector is not to bring the pattern up again. */
  | { readonly action: 'dismiss-problem'; readonly problemId: string }

export interface MembershipRecord {
  readonly kind: 'membership'
  readonly at: Millis
  readonly commandId: string
  readonly actor: string
  readonly decision: MembershipDecision
  /** True takes back the decision of the same content. */
  readonly undo?: boolean
}

/**
 * What the batch pass over closed incidents found alike. It runs beside the correlator, which
 * adopts what still holds; by the log, so that a replay adopts the same.
 */
export interface ProposalsRecord {
  readonly kind: 'proposals'
  readonly at: Millis
  readonly clusters: readonly {
    readonly incidentIds: readonly string[]
    /** 0 to 1. */
    readonly cohesion: number
  }[]
}

/** What a person decided about a heartbeat, in its scope's partition. */
export interface HeartbeatRecord {
  readonly kind: 'heartbeat'
  readonly at: Millis
  /** Of the heartbeat at the desk; grows with each decision, so that none is carried out twice. */
  readonly version: number
  readonly change:
    | { readonly action: 'define'; readonly definition: HeartbeatDefinition }
    | { readonly action: 'pause' | 'resume' | 'delete'; readonly id: string }
}

/** One sign of life, in the partition of its heartbeat's scope. */
export interface PingRecord extends PingDetails {
  readonly kind: 'ping'
  readonly heartbeatId: string
}

export type EventsRecord =
  | EventsBatch
  | TickRecord
  | TopologyRecord
  | ChangeRecord
  | MuteRecord
  | MembershipRecord
  | ProposalsRecord
  | HeartbeatRecord
  | PingRecord

/** What the correlator says. Ids and versions make every one of them idempotent. */
export type CorrelatorOutput =
  | { readonly kind: 'alert'; readonly alert: Alert }
  | {
      readonly kind: 'incident'
      readonly incident: Incident
      readonly entries: readonly TimelineEntry[]
    }
  | { readonly kind: 'problem'; readonly problem: ProblemCandidate }
  | {
      readonly kind: 'heartbeat'
      readonly heartbeat: Heartbeat
      /** Since it was last told, oldest first. */
      readonly transitions: readonly HeartbeatTransition[]
      /** The newest of those since it was last told, oldest first. */
      readonly pings: readonly HeartbeatPing[]
    }

/** The outputs of one events record. */
export interface IncidentsRecord {
  readonly at: Millis
  /** Offset, in the same partition of `events`, of the record that caused them. */
  readonly cause: number
  readonly outputs: readonly CorrelatorOutput[]
}

/** A person's (or an API client's) wish, checked, on its way to the desk. */
export interface CommandRecord {
  /** The idempotency key. */
  readonly id: string
  readonly at: Millis
  readonly actor: string
  /** `<ticket kind>.<action>`, e.g. `incident.acknowledge`. */
  readonly action: string
  readonly target: string
  readonly body: Readonly<Record<string, unknown>>
  /** Refuse unless the ticket still has this version (If-Match). */
  readonly ifVersion?: number
}

/** One transition of one ticket, as the desk made it. */
export interface TicketRecord {
  /** Unique and stable over replays. */
  readonly id: string
  readonly ticketKind: 'incident' | 'problem' | 'change' | 'request'
  readonly ticketId: string
  readonly number: string
  /** The ticket's version after the transition. */
  readonly version: number
  readonly at: Millis
  readonly actor: string
  readonly action: string
  readonly fromState: string
  readonly toState: string
  /** The ticket's fields worth counting, after the transition. */
  readonly fields: Readonly<Record<string, string | number | boolean | null>>
}

/** What could not be taken, with its reason; the API lists and replays them. */
export interface DeadLetterRecord {
  readonly id: string
  readonly at: Millis
  readonly source: string
  readonly reason: string
  readonly detail: string
  /** The refused item as JSON text, cut at the limit. */
  readonly payload: string
  /** Index within its delivery, where it was one of many. */
  readonly index?: number
  /** The delivery's field that it stood in; empty: the delivery was a list of such. */
  readonly place?: string
  /** The payload is not all that was refused: it cannot be replayed. */
  readonly cut?: boolean
  readonly contentType?: string
  /** Id of the integration that sent it. */
  readonly integration?: string
  /** Set where a stage, not the edge, refused a record. */
  readonly position?: {
    readonly topic: Topic
    readonly partition: number
    readonly offset: number
  }
}

export interface TopicRecord {
  events: EventsRecord
  incidents: IncidentsRecord
  commands: CommandRecord
  tickets: TicketRecord
  'dead-letters': DeadLetterRecord
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

export const RECORD_FORMAT = '1'

export const encodeRecord = <T extends Topic>(_topic: T, record: TopicRecord[T]): Uint8Array =>
  encoder.encode(JSON.stringify(record))

/** @throws SyntaxError or TypeError when the bytes are not a record: a poison record */
export const decodeRecord = <T extends Topic>(_topic: T, value: Uint8Array): TopicRecord[T] => {
  const record: unknown = JSON.parse(decoder.decode(value))
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    throw new TypeError('a record must be a JSON object')
  return record as TopicRecord[T]
}

/** Every scope has one partition, so that everything that may correlate is in one order. */
export const partitionOfScope = (scope: string, partitions: number): number => {
  let hash = 5381
  for (let i = 0; i < scope.length; i++) hash = (Math.imul(hash, 33) ^ scope.charCodeAt(i)) >>> 0
  return hash % partitions
}

export const DEFAULT_SCOPE = 'default'
