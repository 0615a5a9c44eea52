// Severity and status by shape and word as well as colour: nobody has to tell red from green.
import type { IncidentSummary } from '../api/types.ts'

type Severity = IncidentSummary['severity']

/** Outlines in a 12 x 12 box: the more corners bite, the worse it is. */
const SHAPES: Readonly<Record<Severity, string>> = {
  critical: 'M4 1h4l3 3v4l-3 3H4L1 8V4z',
  error: 'M6 1 11.5 11H.5z',
  warning: 'M6 .8 11.2 6 6 11.2.8 6z',
  info: 'M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z',
}

/** For use inside another drawing. */
export const SeverityOutline = ({ severity }: { severity: Severity }) => (
  <path class={`outline severity-${severity}`} d={SHAPES[severity]} />
)

export const SeverityShape = ({ severity }: { severity: Severity }) => (
  <svg class="shape" viewBox="0 0 12 12" aria-hidden="true">
    <SeverityOutline severity={severity} />
  </svg>
)

export const SeverityMark = ({ severity }: { severity: Severity }) => (
  <span class="severity">
    <SeverityShape severity={severity} />
    {severity}
  </span>
)

export const PriorityMark = ({ priority }: { priority: IncidentSummary['priority'] }) => (
  <span class={`priority priority-${priority}`}>{priority}</span>
)

export const StatusMark = ({ status }: { status: string }) => (
  <span class={`status status-${status}`}>{status.replace('-', ' ')}</span>
)
