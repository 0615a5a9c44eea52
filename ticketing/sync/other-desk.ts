// What another desk is to us: a few requests, and words of its own for states and people.
import type { IncidentState } from '../lifecycles/incident.ts'
import type { Priority } from '../priority.ts'

/** What both sides may change, in the other desk's words. */
export interface SharedFields {
  readonly state: string
  /** Their name for somebody; null = nobody. */
  readonly assignee: string | null
}

/** An incident as the other desk is to have it. */
export interface Wanted extends SharedFields {
  readonly title: string
  readonly text: string
  readonly priority: Priority
  readonly resolution: string
}

/** A ticket of the other desk. */
export interface RemoteTicket extends SharedFields {
  readonly id: string
  /** What people call it. */
  readonly key: string
  /** Where people open it. */
  readonly url: string
}

export interface RemoteComment {
  readonly id: string
  readonly author: string
  readonly text: string
}

/** Every call throws OutboundError where the other desk did not do what was asked. */
export interface OtherDesk {
  /** By the correlation id: what a crash made us forget is found again. */
  find(incidentId: string): Promise<RemoteTicket | undefined>
  read(id: string): Promise<RemoteTicket>
  create(incidentId: string, wanted: Wanted): Promise<RemoteTicket>
  /** Sets these and nothing else. @returns the ticket as it is then */
  update(ticket: RemoteTicket, change: Partial<Wanted>): Promise<RemoteTicket>
  /** The oldest first. */
  comments(id: string): Promise<RemoteComment[]>
  comment(id: string, text: string): Promise<void>
  /** Tickets of ours that changed within the last so many minutes of their clock. */
  changedWithin(minutes: number): Promise<RemoteTicket[]>
}

/** Where a ticket can be said to be by either side. */
export type SharedStatus = 'new' | 'in-progress' | 'on-hold' | 'resolved' | 'closed'

export interface Vocabulary {
  stateOf(status: IncidentState): string
  /** undefined: a state that means nothing to us. */
  statusOf(state: string): SharedStatus | undefined
}

export const SHARED_STATUS: Readonly<Record<IncidentState, SharedStatus>> = {
  new: 'new',
  acknowledged: 'new',
  reopened: 'new',
  'in-progress': 'in-progress',
  'on-hold': 'on-hold',
  resolved: 'resolved',
  closed: 'closed',
  merged: 'closed',
}

/** A comment that came from us says so: so it is not taken for news, and not sent twice. */
export const MARK = /\[faultline ([\w@.:/-]+)\]/
export const marked = (id: string, text: string): string => `${text}\n\n[faultline ${id}]`
