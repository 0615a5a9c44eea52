// A post-incident review as a document: what happened is filled in, what was learned people write.
import { escapeMarkdown } from '../../domain/written.ts'
import type { IncidentDetail, TaskView } from '../api/schemas.ts'

const MINUTE_MS = 60_000

const minutesBetween = (from: string, to: string | undefined): string =>
  to === undefined
    ? 'not yet'
    : `after ${Math.round((Date.parse(to) - Date.parse(from)) / MINUTE_MS)} min`

/** People's words keep their lines; each is text. */
const words = (text: string | undefined): string =>
  text === undefined ? '_To be written._' : text.split('\n').map(escapeMarkdown).join('\n')

const bullet = (label: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`- ${label}: ${escapeMarkdown(value)}`]

const actionLine = ({ title, status, assignee, doneAt }: TaskView): string => {
  const who = assignee === undefined ? 'nobody yet' : escapeMarkdown(assignee)
  const state = status === 'done' ? `done ${(doneAt ?? '').slice(0, 10)}` : status
  return `- [${status === 'done' ? 'x' : ' '}] ${escapeMarkdown(title)} (${who}, ${state})`
}

const list = (lines: readonly string[], none: string): string =>
  lines.length === 0 ? none : lines.join('\n')

export const reviewMarkdown = (incident: IncidentDetail): string => {
  const { number, title, openedAt, acknowledgedAt, resolvedAt, review, timeline } = incident
  const actions = (incident.tasks ?? []).filter(({ kind }) => kind === 'review-action')
  const happened = timeline.map(
    ({ at, text, actor }) =>
      `- ${at.slice(0, 19)}Z ${escapeMarkdown(text)}${actor === undefined ? '' : ` (${escapeMarkdown(actor)})`}`,
  )
  const suspected = incident.hints
    .slice(0, 3)
    .map(
      ({ ci, change, reasons }) =>
        `- ${escapeMarkdown(change === undefined ? ci : `${change} on ${ci}`)}: ${reasons.map(({ text }) => escapeMarkdown(text)).join('; ')}`,
    )
  return [
    `# Review of ${number}: ${escapeMarkdown(title)}`,
    [
      `- Opened ${openedAt}`,
      `- Taken up ${minutesBetween(openedAt, acknowledgedAt)}, resolved ${minutesBetween(openedAt, resolvedAt)}`,
      `- Priority ${incident.priority}, ${incident.alertCount} alerts on ${incident.cis.length} CIs, reopened ${incident.reopenCount} times`,
      ...bullet('Commander', incident.commander),
      ...bullet('Communications', incident.communications),
      ...bullet('Written by', review?.by),
    ].join('\n'),
    `## Summary\n\n${words(review?.summary)}`,
    `## Impact\n\n${words(review?.impact)}`,
    `## Causes\n\n${words(review?.causes)}`,
    `What the correlator suspects:\n\n${list(suspected, 'Nothing.')}`,
    `## Lessons\n\n${words(review?.lessons)}`,
    `## Actions\n\n${list(actions.map(actionLine), 'None agreed.')}`,
    `## What happened\n\n${list(happened, 'Nothing was recorded.')}`,
    '',
  ].join('\n\n')
}
