// What people do to incidents: held for a moment so that it can be undone, then sent.
import { signal } from '@preact/signals'
import { post } from '../api/client.ts'
import type { IncidentDetail, IncidentSummary, ProblemJson } from '../api/types.ts'
import { plural } from '../text/counts.ts'
import { takeIncidents } from './incidents.ts'
import { say } from './toasts.ts'

/** How long a decision waits for second thoughts before it is sent. */
export const UNDO_MS = 5_000

export interface Decision {
  /** As in `POST /api/v1/incidents/:id/<action>`. */
  readonly action: string
  /** `Acknowledge`, for people. */
  readonly verb: string
  /** What the row says meanwhile: `acknowledging`. */
  readonly doing: string
  readonly incidents: readonly IncidentSummary[]
  readonly body: Readonly<Record<string, unknown>>
}

interface Held extends Decision {
  readonly id: number
  readonly timer: ReturnType<typeof setTimeout>
}

export const held = signal<readonly Held[]>([])

let nextId = 1

const report = (decision: Decision, refusals: readonly ProblemJson[]): void => {
  const [first] = refusals
  if (first === undefined) return
  const failed = plural(refusals.length, 'incident')
  say(`${decision.verb} failed for ${failed}: ${first.detail}`, 'bad')
}

const sendNow = async (decision: Decision, keepalive: boolean): Promise<void> => {
  const answers = await Promise.all(
    decision.incidents.map(({ id }) =>
      post<IncidentDetail>(
        `/api/v1/incidents/${encodeURIComponent(id)}/${decision.action}`,
        decision.body,
        { keepalive },
      ),
    ),
  )
  takeIncidents(answers.flatMap((answer) => (answer.ok ? [answer.data] : [])))
  report(
    decision,
    answers.flatMap((answer) => (answer.ok ? [] : [answer.refusal])),
  )
}

const release = (id: number, keepalive = false): void => {
  const decision = held.value.find((one) => one.id === id)
  if (decision === undefined) return
  clearTimeout(decision.timer)
  void sendNow(decision, keepalive).finally(() => {
    held.value = held.value.filter((one) => one.id !== id)
  })
}

export const decide = (decision: Decision): void => {
  if (decision.incidents.length === 0) return
  const id = nextId++
  const timer = setTimeout(() => release(id), UNDO_MS)
  held.value = [...held.value, { ...decision, id, timer }]
}

/** @returns whether there was something to take back */
export const undo = (id?: number): boolean => {
  const decision = id === undefined ? held.value.at(-1) : held.value.find((one) => one.id === id)
  if (decision === undefined) return false
  clearTimeout(decision.timer)
  held.value = held.value.filter((one) => one.id !== decision.id)
  return true
}

/** What is being done to an incident right now, if anything. */
export const doingTo = (incidentId: string): string | undefined =>
  held.value.find((one) => one.incidents.some(({ id }) => id === incidentId))?.doing

/** Leaving the page is no second thought: what is held is sent. */
export const startActions = (): void =>
  addEventListener('pagehide', () => {
    for (const { id } of held.value) release(id, true)
  })
