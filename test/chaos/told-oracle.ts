// What must be true of the notifications after chaos: each said once, under one id, and heard.
import type { IncidentItem } from '../support/faultline.ts'
import type { Told } from './kafka-estate.ts'

export interface NotificationItem {
  readonly id: string
  readonly incidentId: string
  readonly event: string
  readonly status: string
  readonly createdAt: string
  readonly dueAt: string
  readonly attempts: number
  readonly detail?: string
}

/** Neither is said any more: it was over, or muted, before anybody could be told. */
const NEVER_SAID: ReadonlySet<string> = new Set(['cancelled', 'muted'])

/** A sender may try again what was taken: under the same id, in the same words. */
const wordsDiffer = (told: readonly Told[]): string[] => {
  const bodies = new Map<string, string>()
  return told.flatMap(({ id, body }) => {
    const first = bodies.get(id) ?? body
    bodies.set(id, first)
    return first === body ? [] : [`notification ${id} was said in two ways`]
  })
}

export const toldViolations = (
  incidents: readonly IncidentItem[],
  rows: readonly NotificationItem[],
  told: readonly Told[],
): string[] => {
  const heard = new Set(told.map(({ id }) => id))
  const known = new Set(rows.map(({ id }) => id))
  const openings = new Map<string, number>()
  for (const { event, incidentId } of rows)
    if (event === 'opened') openings.set(incidentId, (openings.get(incidentId) ?? 0) + 1)
  return [
    ...incidents.flatMap(({ id }) => {
      const count = openings.get(id) ?? 0
      return count === 1 ? [] : [`incident ${id} was announced ${count} times`]
    }),
    ...rows.flatMap((row) => {
      const { id, status } = row
      if (status === 'sent') return heard.has(id) ? [] : [`nobody heard notification ${id}`]
      return NEVER_SAID.has(status) ? [] : [`notification ${id} waits: ${JSON.stringify(row)}`]
    }),
    ...[...heard].filter((id) => !known.has(id)).map((id) => `nobody sent notification ${id}`),
    ...wordsDiffer(told),
  ]
}
