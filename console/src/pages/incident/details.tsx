// The incident's own facts, in one narrow column.
import type { IncidentDetail } from '../../api/types.ts'
import { Age, Time } from '../../parts/time.tsx'
import { knownIncidents } from '../../state/incidents.ts'
import { countText } from '../../text/counts.ts'
import { ciPath, incidentPath, problemPath } from '../paths.ts'

const CIS_MAX = 12

export const Details = ({ incident }: { incident: IncidentDetail }) => (
  <section class="block" aria-labelledby="details">
    <h2 id="details">Details</h2>
    <dl class="facts">
      <dt>Opened</dt>
      <dd>
        <Time at={incident.openedAt} />
      </dd>
      <dt>Lasting</dt>
      <dd>
        <Age since={incident.openedAt} until={incident.resolvedAt} />
      </dd>
      <dt>Last event</dt>
      <dd>
        <Time at={incident.lastEventAt} />
      </dd>
      {incident.acknowledgedAt !== undefined && <dt>Acknowledged</dt>}
      {incident.acknowledgedAt !== undefined && (
        <dd>
          <Time at={incident.acknowledgedAt} />
        </dd>
      )}
      <dt>With</dt>
      <dd>{[incident.assignee, incident.team].filter(Boolean).join(', ') || 'nobody'}</dd>
      {incident.commander !== undefined && <dt>Commander</dt>}
      {incident.commander !== undefined && <dd>{incident.commander}</dd>}
      {incident.communications !== undefined && <dt>Communications</dt>}
      {incident.communications !== undefined && <dd>{incident.communications}</dd>}
      {incident.watchers !== undefined && incident.watchers.length > 0 && <dt>Watched by</dt>}
      {incident.watchers !== undefined && incident.watchers.length > 0 && (
        <dd>{incident.watchers.join(', ')}</dd>
      )}
      <dt>Priority</dt>
      <dd>
        {incident.priority}: impact {incident.impact}, urgency {incident.urgency}
        {incident.priorityReason !== undefined && ` (${incident.priorityReason})`}
      </dd>
      {incident.holdReason !== undefined && <dt>On hold</dt>}
      {incident.holdReason !== undefined && <dd>{incident.holdReason}</dd>}
      {incident.resolution !== undefined && <dt>Resolution</dt>}
      {incident.resolution !== undefined && <dd class="lines">{incident.resolution}</dd>}
      <dt>Events</dt>
      <dd class="num">{countText(incident.occurrenceCount + incident.alertCount)}</dd>
      {incident.reopenCount > 0 && <dt>Reopened</dt>}
      {incident.reopenCount > 0 && <dd class="num">{countText(incident.reopenCount)} ×</dd>}
      {incident.rating !== undefined && <dt>Rated</dt>}
      {incident.rating !== undefined && (
        <dd>
          <span class="num">{incident.rating.rating} of 5</span> by {incident.rating.by}
          {incident.rating.comment !== undefined && `: ${incident.rating.comment}`}
        </dd>
      )}
      {incident.problemId !== undefined && <dt>Problem</dt>}
      {incident.problemId !== undefined && (
        <dd>
          <a href={problemPath(incident.problemId)}>Recurring pattern</a>
        </dd>
      )}
      {incident.mergedInto !== undefined && <dt>Merged into</dt>}
      {incident.mergedInto !== undefined && (
        <dd>
          <a href={incidentPath(incident.mergedInto)}>the incident that lives on</a>
        </dd>
      )}
      {incident.related !== undefined && incident.related.length > 0 && <dt>Related</dt>}
      {incident.related !== undefined && incident.related.length > 0 && (
        <dd class="labels">
          {incident.related.map((id) => (
            <a key={id} class="tag" href={incidentPath(id)}>
              {knownIncidents().find((one) => one.id === id)?.number ?? id}
            </a>
          ))}
        </dd>
      )}
      <dt>Scope</dt>
      <dd>{incident.scope}</dd>
      <dt>CIs</dt>
      <dd class="labels">
        {incident.cis.slice(0, CIS_MAX).map((ci) => (
          <a key={ci} class="tag" href={ciPath(ci)}>
            {ci}
          </a>
        ))}
        {incident.cis.length > CIS_MAX && `and ${incident.cis.length - CIS_MAX} more`}
      </dd>
    </dl>
  </section>
)
