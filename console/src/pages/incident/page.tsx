// One incident: what happened, where it may have begun, why each alert is in it, what was done.
import type { IncidentDetail } from '../../api/types.ts'
import { now } from '../../clock.ts'
import { type BindingGroup, useKeys } from '../../keys.ts'
import { PriorityMark, SeverityMark, StatusMark } from '../../parts/severity.tsx'
import { TaskList } from '../../parts/task-list.tsx'
import { NotYet, useTicket } from '../../parts/ticket.tsx'
import { Timeline } from '../../parts/timeline.tsx'
import { listAddress, navigate } from '../../router.ts'
import { plural } from '../../text/counts.ts'
import { summarise } from '../../text/summary.ts'
import { incidentPath } from '../paths.ts'
import type { PageProps } from '../registry.ts'
import { IncidentActions } from './actions.tsx'
import { Alerts } from './alerts.tsx'
import { Decisions } from './decisions.tsx'
import { Details } from './details.tsx'
import { Elsewhere } from './elsewhere.tsx'
import { Hints } from './hints.tsx'
import { KnownErrors } from './known-errors.tsx'
import { Review } from './review.tsx'
import { Runbooks } from './runbooks.tsx'
import { ServiceLevels } from './service-levels.tsx'
import { SuspectChanges } from './suspect-changes.tsx'
import { Topology } from './topology.tsx'

const Head = ({ incident, onDone }: { incident: IncidentDetail; onDone: () => void }) => (
  <header class="incident-head">
    <p class="crumbs">
      <a href={listAddress()}>Incidents</a> / <span class="num">{incident.number}</span>
    </p>
    <h1>{incident.title}</h1>
    <p class="incident-marks">
      <SeverityMark severity={incident.severity} />
      <PriorityMark priority={incident.priority} />
      <StatusMark status={incident.status} />
      {incident.muted && <span class="tag">muted: nobody is told</span>}
    </p>
    <p class="sentence">{summarise(incident, now.value)}</p>
    {incident.mergedInto !== undefined && (
      <p class="aside">
        Its alerts live on in <a href={incidentPath(incident.mergedInto)}>another incident</a>.
      </p>
    )}
    {incident.storm !== undefined && (
      <p class="aside">
        Storm: {plural(incident.storm.collapsedAlerts, 'alert')} folded into those shown.
      </p>
    )}
    <IncidentActions incident={incident} onDone={onDone} />
  </header>
)

const KEYS: BindingGroup = {
  title: 'Incident',
  bindings: [{ key: 'u', label: 'Back to the list', run: () => navigate(listAddress()) }],
}

export const IncidentPage = ({ parameters }: PageProps) => {
  useKeys(KEYS)
  const { data, refusal, reload } = useTicket<IncidentDetail>('incidents', parameters.id ?? '')
  if (data === undefined) return <NotYet refusal={refusal} what="incident" />
  const incident = data
  const props = { incident, onDone: reload }
  return (
    <main class="page page-incident" id="page">
      <Head {...props} />
      <div class="incident-main">
        <Hints {...props} />
        {incident.mergedInto === undefined && <Alerts {...props} />}
        <Topology incident={incident} />
      </div>
      <aside class="incident-side" aria-label="Details and history">
        <KnownErrors {...props} />
        <SuspectChanges incident={incident} />
        <ServiceLevels slas={incident.slas ?? []} />
        <Runbooks {...props} />
        <TaskList tasks={incident.tasks ?? []} onDone={reload} />
        <Details incident={incident} />
        <Elsewhere incident={incident} />
        <Decisions {...props} />
        <Review review={incident.review} />
        <Timeline entries={incident.timeline} />
      </aside>
    </main>
  )
}
