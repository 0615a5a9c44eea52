// One process or runbook: its objective, its steps, what it is linked to.
import { useState } from 'preact/hooks'
import { post } from '../../api/client.ts'
import type { ProcessView } from '../../api/types.ts'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { NotYet } from '../../parts/ticket.tsx'
import { Time } from '../../parts/time.tsx'
import { useResource } from '../../state/resource.ts'
import { say } from '../../state/toasts.ts'
import { ciPath } from '../paths.ts'
import { processBody, processFields } from '../processes/form.ts'
import type { PageProps } from '../registry.ts'

const Details = ({ process }: { process: ProcessView }) => (
  <section class="block" aria-labelledby="details">
    <h2 id="details">Details</h2>
    <dl class="facts">
      <dt>Owner</dt>
      <dd>{process.owner ?? 'nobody'}</dd>
      <dt>Version</dt>
      <dd>
        {process.version}, <Time at={process.updatedAt} />
      </dd>
      {process.reviewBy !== undefined && <dt>Review by</dt>}
      {process.reviewBy !== undefined && (
        <dd>
          <Time at={process.reviewBy} />
        </dd>
      )}
      {process.links.alertNames.length > 0 && <dt>For alerts</dt>}
      {process.links.alertNames.length > 0 && <dd>{process.links.alertNames.join(', ')}</dd>}
      {process.links.cis.length > 0 && <dt>For CIs</dt>}
      {process.links.cis.length > 0 && (
        <dd class="labels">
          {process.links.cis.map((ci) => (
            <a key={ci} class="tag" href={ciPath(ci)}>
              {ci}
            </a>
          ))}
        </dd>
      )}
    </dl>
  </section>
)

export const ProcessPage = ({ parameters }: PageProps) => {
  const address = `/api/v1/processes/${encodeURIComponent(parameters.id ?? '')}`
  const { data: process, refusal, reload } = useResource<ProcessView>(address)
  const [editing, setEditing] = useState(false)
  if (process === undefined) return <NotYet refusal={refusal} what="process" />
  return (
    <main class="page page-incident" id="page">
      <header class="incident-head">
        <p class="crumbs">
          <a href="/processes">Processes</a> / {process.kind}
        </p>
        <h1>{process.name}</h1>
        <p class="lines">{process.objective}</p>
        <div class="actions">
          <button type="button" class="primary" onClick={() => setEditing(true)}>
            Edit
          </button>
        </div>
      </header>
      <div class="incident-main">
        <section class="block" aria-labelledby="steps">
          <h2 id="steps">Steps</h2>
          <ol class="steps">
            {process.steps.map((step, i) => (
              <li key={i}>{step}</li>
            ))}
          </ol>
          {process.documentation !== undefined && <p class="lines">{process.documentation}</p>}
        </section>
      </div>
      <aside class="incident-side" aria-label="Details">
        <Details process={process} />
      </aside>
      {editing && (
        <FormDialog
          title={`Edit ${process.name}`}
          verb="Save"
          fields={processFields(process)}
          onClose={() => setEditing(false)}
          onSubmit={(body) => {
            setEditing(false)
            const { version } = process
            void post(`${address}/update`, processBody(body, process), { version }).then(
              (answer) => {
                if (!answer.ok) say(answer.refusal.detail, 'bad')
                reload()
              },
            )
          }}
        />
      )}
    </main>
  )
}
