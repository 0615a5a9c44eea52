// Live changes, gathered per frame: a storm of a thousand updates redraws the page once.
import { signal } from '@preact/signals'
import type { IncidentSummary, StreamEvent } from '../api/types.ts'
import { takeIncidents } from './incidents.ts'

/** Tickets that pages show in full, with how often each was heard of since. */
const watched = signal<ReadonlyMap<string, number>>(new Map())

/** Tickets heard of that are remembered; the oldest is forgotten. */
const WATCHED_MAX = 500

const heardOfKind = signal<Readonly<Record<StreamEvent['event'], number>>>({
  incident: 0,
  problem: 0,
})

let waiting: StreamEvent[] = []

const deliver = (): void => {
  const events = waiting
  waiting = []
  takeIncidents(
    events.flatMap(({ event, data }) => (event === 'incident' ? [data as IncidentSummary] : [])),
  )
  const next = new Map(watched.value)
  for (const { data } of events) {
    const times = next.get(data.id) ?? 0
    next.delete(data.id)
    next.set(data.id, times + 1)
  }
  watched.value = new Map([...next].slice(-WATCHED_MAX))
  const counts = { ...heardOfKind.value }
  for (const { event } of events) counts[event] += 1
  if (events.length > 0) heardOfKind.value = counts
}

/** Grows with every live change of the ticket: a trigger to read it again. */
export const timesHeard = (id: string): number => watched.value.get(id) ?? 0

/** Grows with every live change of any ticket of the kind. */
export const anythingHeard = (kind: StreamEvent['event']): number => heardOfKind.value[kind]

/** While the page is hidden there are no frames to gather by. */
const HIDDEN_MS = 1_000

export const takeChange = (event: StreamEvent): void => {
  waiting.push(event)
  if (waiting.length > 1) return
  if (document.hidden) setTimeout(deliver, HIDDEN_MS)
  else requestAnimationFrame(deliver)
}
