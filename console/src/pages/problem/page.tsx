// One problem: the pattern, its statistics, its suspected cause, and how to live with it.
import type { ProblemView } from '../../api/types.ts'
import { EvidenceList } from '../../parts/evidence.tsx'
import { IncidentTable } from '../../parts/incident-table.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { NotYet, TicketHead, useTicket, useTicketActions } from '../../parts/ticket.tsx'
import { Timeline } from '../../parts/timeline.tsx'
import { likelihoodText, plural } from '../../text/counts.ts'
import { changePath, ciPath } from '../paths.ts'
import type { PageProps } from '../registry.ts'
import { AnalysisBlock } from './analysis.tsx'
import { problemForms } from './forms.ts'
import { Statistics } from './statistics.tsx'

const FOUND_BY: Readonly<Record<ProblemView['foundBy'], string>> = {
  recurrence: 'Found because it recurred',
  clustering: 'Proposed by the periodic clustering of all incidents',
}

const LIST = { href: '/problems', title: 'Problems' }

const Head = ({ problem, onDone }: { problem: ProblemView; onDone: () => void }) => (
  <TicketHead
    ticket={problem}
    list={LIST}
    forms={problemForms(problem)}
    onAct={useTicketActions('problems', problem, onDone, ['record-cause'])}
    marks={
      <>
        <StatusMark status={problem.status} />
        <span class="faint">{FOUND_BY[problem.foundBy]}</span>
        {problem.assignee !== undefined && <span>with {problem.assignee}</span>}
      </>
    }
  />
)

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

const VERIFICATIONS = {
  pending: 'not carried out yet',
  holding: 'carried out, and not seen again since',
  recurred: 'carried out, and yet it came back',
} as const

const Fix = ({ problem: { fix } }: { problem: ProblemView }) =>
  fix === undefined ? null : (
    <section class="block" aria-labelledby="fix">
      <h2 id="fix">Permanent fix</h2>
      <p>
        <a href={changePath(fix.changeId)}>{fix.number ?? fix.changeId}</a> {fix.title}:{' '}
        {VERIFICATIONS[fix.verification]}
      </p>
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
  const { data, refusal, reload } = useTicket<ProblemView>('problems', parameters.id ?? '')
  if (data === undefined) return <NotYet refusal={refusal} what="problem" />
  const problem = data
  return (
    <main class="page page-incident" id="page">
      <Head problem={problem} onDone={reload} />
      <div class="incident-main">
        <Statistics problem={problem} />
        <Suspects problem={problem} />
        <AnalysisBlock problem={problem} onDone={reload} />
        <section class="block table-block" aria-labelledby="incidents">
          <h2 id="incidents">{plural(problem.incidents.length, 'incident')}</h2>
          <IncidentTable incidents={problem.incidents} />
        </section>
      </div>
      <aside class="incident-side" aria-label="Cause and history">
        <Cause problem={problem} />
        <Fix problem={problem} />
        <Pattern problem={problem} />
        <Timeline entries={problem.timeline} />
      </aside>
    </main>
  )
}
