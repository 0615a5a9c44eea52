// One change: what is planned, what it risks, who approved, what came of it.
import type { AssessmentView, ChangeDetail } from '../../api/types.ts'
import { IncidentTable } from '../../parts/incident-table.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { NotYet, TicketHead, useTicket, useTicketActions } from '../../parts/ticket.tsx'
import { Time } from '../../parts/time.tsx'
import { Timeline } from '../../parts/timeline.tsx'
import { plural } from '../../text/counts.ts'
import { changeForms } from '../changes/forms.ts'
import { changePath, ciPath, incidentPath } from '../paths.ts'
import type { PageProps } from '../registry.ts'

const LIST = { href: '/changes', title: 'Changes' }

const Head = ({ change, onDone }: { change: ChangeDetail; onDone: () => void }) => (
  <TicketHead
    ticket={change}
    list={LIST}
    forms={changeForms(change)}
    onAct={useTicketActions('changes', change, onDone, ['update'])}
    marks={
      <>
        <StatusMark status={change.status} />
        <span>{change.type}</span>
        {change.risk !== undefined && <span>risk {change.risk}</span>}
        {change.outcome !== undefined && <span>{change.outcome.replace('-', ' ')}</span>}
      </>
    }
  />
)

interface Reference {
  readonly id: string
  readonly number: string
  readonly title: string
}

interface ReferencesProps {
  readonly title: string
  readonly items: readonly Reference[]
  readonly pathOf: (id: string) => string
}

const References = ({ title, items, pathOf }: ReferencesProps) =>
  items.length === 0 ? null : (
    <>
      <dt>{title}</dt>
      <dd>
        {items.map(({ id, number, title: words }) => (
          <div key={id} class="reference">
            <a href={pathOf(id)}>
              {number} {words}
            </a>
          </div>
        ))}
      </dd>
    </>
  )

const Assessment = ({ found }: { found: AssessmentView }) => (
  <section class="block" aria-labelledby="assessment">
    <h2 id="assessment">
      Risk {found.risk}, impact {found.impact}
    </h2>
    <ul class="plain">
      {found.reasons.map((reason) => (
        <li key={reason}>{reason}</li>
      ))}
    </ul>
    <dl class="facts">
      {found.services.length > 0 && <dt>Services that need it</dt>}
      {found.services.length > 0 && <dd>{found.services.join(', ')}</dd>}
      <References title="Conflicts with" items={found.conflicts} pathOf={changePath} />
      <References title="Open incidents" items={found.openIncidents} pathOf={incidentPath} />
      {found.freezes.length > 0 && <dt>Freezes</dt>}
      {found.freezes.length > 0 && <dd>{found.freezes.join(', ')}</dd>}
    </dl>
  </section>
)

const Plan = ({ change }: { change: ChangeDetail }) => (
  <section class="block" aria-labelledby="plan">
    <h2 id="plan">What is planned</h2>
    <p class="lines">{change.description}</p>
    {change.plan !== undefined && <h3>Plan</h3>}
    {change.plan !== undefined && <p class="lines">{change.plan}</p>}
    {change.backoutPlan !== undefined && <h3>Way back</h3>}
    {change.backoutPlan !== undefined && <p class="lines">{change.backoutPlan}</p>}
  </section>
)

const Details = ({ change }: { change: ChangeDetail }) => (
  <section class="block" aria-labelledby="details">
    <h2 id="details">Details</h2>
    <dl class="facts">
      <dt>Planned</dt>
      <dd>
        <Time at={change.plannedStart} /> to <Time at={change.plannedEnd} />
      </dd>
      {change.endedAt !== undefined && <dt>Carried out</dt>}
      {change.endedAt !== undefined && (
        <dd>
          <Time at={change.startedAt} /> to <Time at={change.endedAt} />
        </dd>
      )}
      <dt>Asked for by</dt>
      <dd>{change.requester}</dd>
      <dt>With</dt>
      <dd>{change.assignee ?? 'nobody'}</dd>
      <dt>CIs</dt>
      <dd class="labels">
        {change.cis.map((ci) => (
          <a key={ci} class="tag" href={ciPath(ci)}>
            {ci}
          </a>
        ))}
      </dd>
      {change.votes.length > 0 && <dt>Votes</dt>}
      {change.votes.length > 0 && (
        <dd>
          {change.votes.map(({ actor, approves, at, comment }) => (
            <div key={actor}>
              {actor} {approves ? 'approves' : 'rejects'}, <Time at={at} />
              {comment !== undefined && `: ${comment}`}
            </div>
          ))}
        </dd>
      )}
    </dl>
  </section>
)

export const ChangePage = ({ parameters }: PageProps) => {
  const { data, refusal, reload } = useTicket<ChangeDetail>('changes', parameters.id ?? '')
  if (data === undefined) return <NotYet refusal={refusal} what="change" />
  return (
    <main class="page page-incident" id="page">
      <Head change={data} onDone={reload} />
      <div class="incident-main">
        <Plan change={data} />
        {data.assessment !== undefined && <Assessment found={data.assessment} />}
        {data.incidents.length > 0 && (
          <section class="block table-block" aria-labelledby="incidents">
            <h2 id="incidents">Suspected of {plural(data.incidents.length, 'incident')}</h2>
            <IncidentTable incidents={data.incidents} />
          </section>
        )}
      </div>
      <aside class="incident-side" aria-label="Details and history">
        <Details change={data} />
        <Timeline entries={data.timeline} />
      </aside>
    </main>
  )
}
