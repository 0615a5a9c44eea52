// One problem: the pattern, its statistics, its suspected cause, and how to live with it.
import { useCallback, useEffect } from 'preact/hooks'
import { post } from '../../api/client.ts'
import type { ProblemView } from '../../api/types.ts'
import { ActionBar } from '../../parts/action-bar.tsx'
import { EvidenceList } from '../../parts/evidence.tsx'
import type { FormBody } from '../../parts/form-dialog.tsx'
import { IncidentTable } from '../../parts/incident-table.tsx'
import { Refusal } from '../../parts/refusal.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { Timeline } from '../../parts/timeline.tsx'
import { timesHeard } from '../../state/changes-heard.ts'
import { useResource } from '../../state/resource.ts'
import { say } from '../../state/toasts.ts'
import { likelihoodText, plural } from '../../text/counts.ts'
import { ciPath } from '../paths.ts'
import type { PageProps } from '../registry.ts'
import { problemForms } from './forms.ts'
import { Statistics } from './statistics.tsx'

const FOUND_BY: Readonly<Record<ProblemView['foundBy'], string>> = {
  recurrence: 'Found because it recurred',
  clustering: 'Proposed by the periodic clustering of all incidents',
}

const Head = ({ problem, onDone }: { problem: ProblemView; onDone: () => void }) => {
  const act = useCallback(
    (action: string, body: FormBody) => {
      const path = `/api/v1/problems/${encodeURIComponent(problem.id)}/${action}`
      // A cause overwrites what somebody else may just have written.
      const options = action === 'record-cause' ? { version: problem.version } : {}
      void post(path, body, options).then((answer) => {
        if (!answer.ok) say(answer.refusal.detail, 'bad')
        onDone()
      })
    },
    [problem.id, problem.version],
  )
  return (
    <header class="incident-head">
      <p class="crumbs">
        <a href="/problems">Problems</a> / <span class="num">{problem.number}</span>
      </p>
      <h1>{problem.title}</h1>
      <p class="incident-marks">
        <StatusMark status={problem.status} />
        <span class="faint">{FOUND_BY[problem.foundBy]}</span>
        {problem.assignee !== undefined && <span>with {problem.assignee}</span>}
      </p>
      <ActionBar
        number={problem.number}
        forms={problemForms(problem)}
        legal={problem.actions}
        onAct={act}
      />
    </header>
  )
}

const Cause = ({ problem }: { problem: ProblemView }) => (
  <section class="block" aria-labelledby="cause">
    <h2 id="cause">Cause and workaround</h2>
    {problem.cause === undefined ? (
      <p class="faint">No cause recorded. Recording one makes this a known error.</p>
    ) : (
      <p class="lines">{problem.cause}</p>
    )}
    {problem.workaround !== undefined && (
      <div class="workaround">
        <h3>Workaround</h3>
        <p class="lines">{problem.workaround}</p>
      </div>
    )}
  </section>
)

const Suspects = ({ problem }: { problem: ProblemView }) =>
  problem.hints.length === 0 ? null : (
    <section class="block" aria-labelledby="suspects">
      <h2 id="suspects">Where its incidents began</h2>
      <ol class="hints">
        {problem.hints.map((hint, i) => (
          <li key={`${hint.ci} ${hint.change ?? ''}`} class="hint">
            <div class="hint-head">
              <span class="hint-rank num">{i + 1}</span>
              <span class="hint-what">
                <a href={ciPath(hint.ci)}>{hint.ci}</a>
              </span>
              <span class="hint-confidence num">{likelihoodText(hint.confidence)}</span>
            </div>
            <EvidenceList reasons={hint.reasons} />
          </li>
        ))}
      </ol>
    </section>
  )

const Pattern = ({ problem }: { problem: ProblemView }) => (
  <section class="block" aria-labelledby="pattern">
    <h2 id="pattern">The pattern</h2>
    <dl class="facts">
      <dt>Signature</dt>
      <dd class="labels">
        {problem.signature.map((term) => (
          <span key={term} class="tag">
            {term}
          </span>
        ))}
      </dd>
      <dt>Alerts</dt>
      <dd class="labels">
        {problem.alertNames.map((name) => (
          <span key={name} class="tag">
            {name}
          </span>
        ))}
      </dd>
      <dt>CIs</dt>
      <dd class="labels">
        {problem.cis.map((ci) => (
          <a key={ci} class="tag" href={ciPath(ci)}>
            {ci}
          </a>
        ))}
      </dd>
    </dl>
  </section>
)

export const ProblemPage = ({ parameters }: PageProps) => {
  const id = parameters.id ?? ''
  const path = `/api/v1/problems/${encodeURIComponent(id)}`
  const { data: problem, refusal, reload } = useResource<ProblemView>(path, timesHeard(id))
  useEffect(() => {
    if (problem !== undefined) document.title = `${problem.number} ${problem.title} · Faultline`
  }, [problem?.number, problem?.title])
  if (problem === undefined)
    return (
      <main class="page" id="page" aria-busy={refusal === undefined}>
        {refusal !== undefined && <Refusal refusal={refusal} what="problem" />}
      </main>
    )
  return (
    <main class="page page-incident" id="page">
      <Head problem={problem} onDone={reload} />
      <div class="incident-main">
        <Statistics problem={problem} />
        <Suspects problem={problem} />
        <section class="block table-block" aria-labelledby="incidents">
          <h2 id="incidents">{plural(problem.incidents.length, 'incident')}</h2>
          <IncidentTable incidents={problem.incidents} />
        </section>
      </div>
      <aside class="incident-side" aria-label="Cause and history">
        <Cause problem={problem} />
        <Pattern problem={problem} />
        <Timeline entries={problem.timeline} />
      </aside>
    </main>
  )
}
