// One CI: what it is, what it needs, what needs it, and what is wrong with it now.
import type { CiDetail } from '../../api/types.ts'
import { Drawing } from '../../graph/drawing.tsx'
import { neighbourhoodOf } from '../../graph/neighbourhood.ts'
import { IncidentTable } from '../../parts/incident-table.tsx'
import { Refusal } from '../../parts/refusal.tsx'
import { anythingHeard } from '../../state/changes-heard.ts'
import { useResource } from '../../state/resource.ts'
import { plural } from '../../text/counts.ts'
import type { PageProps } from '../registry.ts'
import { CiHistory } from './history.tsx'
import { Impact } from './impact.tsx'

const Attributes = ({ ci }: { ci: CiDetail }) => (
  <section class="block" aria-labelledby="attributes">
    <h2 id="attributes">Details</h2>
    <dl class="facts">
      <dt>Kind</dt>
      <dd>{ci.kind}</dd>
      {Object.entries(ci.attributes).map(([name, value]) => (
        <div key={name} class="facts-row">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  </section>
)

export const CiPage = ({ parameters }: PageProps) => {
  const id = parameters.id ?? ''
  const path = `/api/v1/cis/${encodeURIComponent(id)}`
  const { data: ci, refusal } = useResource<CiDetail>(path, anythingHeard('incident'))
  if (ci === undefined)
    return (
      <main class="page" id="page" aria-busy={refusal === undefined}>
        {refusal !== undefined && <Refusal refusal={refusal} what="CI of that name" />}
      </main>
    )
  return (
    <main class="page page-incident" id="page">
      <header class="incident-head">
        <p class="crumbs">
          <a href="/cis">CIs</a> / {ci.kind}
        </p>
        <h1>{ci.name}</h1>
      </header>
      <div class="incident-main">
        <section class="block" aria-labelledby="relations">
          <h2 id="relations">{plural(ci.relations.length, 'relation')}</h2>
          <Drawing
            neighbourhood={neighbourhoodOf([ci.id], ci.relations)}
            label={`What ${ci.name} needs and what needs it`}
            mark={(other) => ({ words: other === ci.id ? 'this CI' : '', root: other === ci.id })}
          />
        </section>
        <section class="block table-block" aria-labelledby="incidents">
          <h2 id="incidents">{plural(ci.openIncidents.length, 'open incident')}</h2>
          {ci.openIncidents.length > 0 && <IncidentTable incidents={ci.openIncidents} />}
        </section>
      </div>
      <aside class="incident-side" aria-label="Details">
        <Attributes ci={ci} />
        <Impact id={ci.id} />
        <CiHistory id={ci.id} />
      </aside>
    </main>
  )
}
