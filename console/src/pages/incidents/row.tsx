// One incident in the list: everything needed to decide whether to open it.
import type { IncidentSummary } from '../../api/types.ts'
import { Due } from '../../parts/due.tsx'
import { PriorityMark, SeverityMark, StatusMark } from '../../parts/severity.tsx'
import { Age } from '../../parts/time.tsx'
import { doingTo } from '../../state/actions.ts'
import { countText } from '../../text/counts.ts'
import { incidentPath } from '../paths.ts'

/** CIs named in a row; the page of the incident names all. */
const CIS_MAX = 4

interface RowProps {
  readonly incident: IncidentSummary
  readonly index: number
  readonly current: boolean
  readonly selected: boolean
  readonly stale: boolean
  readonly style: { transform: string }
  readonly onSelect: (range: boolean) => void
  readonly onFocus: () => void
}

export const IncidentRow = (props: RowProps) => {
  const { incident, index, current, selected, stale } = props
  const doing = doingTo(incident.id)
  return (
    <tr
      class={`row${stale ? ' row-stale' : ''}${selected ? ' row-selected' : ''}`}
      style={props.style}
      onFocusIn={props.onFocus}
      aria-rowindex={index + 2}
      aria-current={current ? 'true' : undefined}
    >
      <td class="cell-select">
        <input
          type="checkbox"
          checked={selected}
          aria-label={`Select ${incident.number}`}
          onClick={(event) => props.onSelect(event.shiftKey)}
        />
      </td>
      <td class="cell-severity">
        <SeverityMark severity={incident.severity} />
      </td>
      <td class="cell-priority">
        <PriorityMark priority={incident.priority} />
      </td>
      <td class="cell-number num">{incident.number}</td>
      <td class="cell-title">
        <a href={incidentPath(incident.id)}>{incident.title}</a>
        <span class="cell-cis">{incident.cis.slice(0, CIS_MAX).join(' · ')}</span>
      </td>
      <td class="cell-status">
        {doing === undefined ? <StatusMark status={incident.status} /> : <em>{doing} …</em>}
      </td>
      <td class="cell-assignee">{incident.assignee ?? incident.team ?? '–'}</td>
      <td class="cell-due">
        <Due incident={incident} />
      </td>
      <td class="cell-alerts num">
        <b>{countText(incident.firingCount)}</b> / {countText(incident.alertCount)}
      </td>
      <td class="cell-age">
        <Age since={incident.openedAt} until={incident.resolvedAt} />
      </td>
    </tr>
  )
}

const HEADINGS = [
  ['cell-select', ''],
  ['cell-severity', 'Severity'],
  ['cell-priority', 'Prio'],
  ['cell-number', 'Number'],
  ['cell-title', 'What happened'],
  ['cell-status', 'Status'],
  ['cell-assignee', 'With'],
  ['cell-due', 'Due'],
  ['cell-alerts', 'Firing / all'],
  ['cell-age', 'Lasting'],
] as const

export const HeaderRow = () => (
  <thead>
    <tr class="row" aria-rowindex={1}>
      {HEADINGS.map(([name, heading]) => (
        <th key={name} scope="col" class={name}>
          {heading === '' ? <span class="visually-hidden">Selected</span> : heading}
        </th>
      ))}
    </tr>
  </thead>
)
