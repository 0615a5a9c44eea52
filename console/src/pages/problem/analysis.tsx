// The chain of whys and what contributed: read as a chain, written as one form.
import { useState } from 'preact/hooks'
import type { ProblemView } from '../../api/types.ts'
import type { Field, FormBody } from '../../parts/fields.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { useSending } from '../../state/send.ts'
import { safeLink } from '../../text/safe-link.ts'
import { incidentPath } from '../paths.ts'

type Analysis = ProblemView['analysis']
type Why = NonNullable<Analysis['whys']>[number]
type Evidence = NonNullable<Why['evidence']>[number]

const WHYS = 5
const CATEGORIES = ['people', 'process', 'technology', 'data', 'environment', 'supplier'] as const

const targetOf = ({ kind, ref }: Evidence): string | undefined => {
  if (kind === 'link') return safeLink(ref)
  if (kind === 'incident') return incidentPath(ref)
  return kind === 'change'
    ? `/changes/${encodeURIComponent(ref)}`
    : `/cis/${encodeURIComponent(ref)}`
}

const EvidenceLinks = ({ evidence = [] }: { evidence?: readonly Evidence[] | undefined }) => (
  <>
    {evidence.map((each) => {
      const target = targetOf(each)
      const words = each.note ?? each.ref
      return (
        <span key={`${each.kind} ${each.ref}`} class="tag">
          {target === undefined ? words : <a href={target}>{words}</a>}
        </span>
      )
    })}
  </>
)

/** One line of evidence: `INC-7`, `CHG-3`, an address, or a CI. */
const evidenceOf = (text: string): Evidence => {
  if (/^https?:/i.test(text)) return { kind: 'link', ref: text }
  if (/^INC-\d+$/i.test(text)) return { kind: 'incident', ref: text }
  return { kind: /^CHG-\d+$/i.test(text) ? 'change' : 'ci', ref: text }
}

const fieldsOf = ({ whys = [], factors = [] }: Analysis): Field[] => [
  ...Array.from({ length: WHYS }, (_, i): Field[] => [
    { name: `why-${i}`, label: `Why ${i + 1}`, kind: 'line', value: whys[i]?.why ?? '' },
    { name: `because-${i}`, label: 'Because', kind: 'line', value: whys[i]?.because ?? '' },
    {
      name: `evidence-${i}`,
      label: 'Evidence: INC-7, CHG-3, a CI or an address, one a line',
      kind: 'list',
      value: (whys[i]?.evidence ?? []).map(({ ref }) => ref).join('\n'),
    },
  ]).flat(),
  {
    name: 'factors',
    label: `What contributed, one a line: category: text (${CATEGORIES.join(', ')})`,
    kind: 'text',
    value: factors.map(({ category, text }) => `${category}: ${text}`).join('\n'),
  },
]

const textAt = (body: FormBody, name: string): string => String(body[name] ?? '')

const whysIn = (body: FormBody): Why[] =>
  Array.from({ length: WHYS }, (_, i) => i).flatMap((i) => {
    const [why, because] = [textAt(body, `why-${i}`), textAt(body, `because-${i}`)]
    if (why === '' && because === '') return []
    const lines = body[`evidence-${i}`]
    return [{ why, because, ...(Array.isArray(lines) && { evidence: lines.map(evidenceOf) }) }]
  })

/** A line without a category is about technology, as most are. */
const factorsIn = (body: FormBody) =>
  textAt(body, 'factors')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const category = CATEGORIES.find((each) => line.toLowerCase().startsWith(`${each}:`))
      const text = category === undefined ? line : line.slice(category.length + 1)
      return { category: category ?? 'technology', text: text.trim() }
    })

export const AnalysisBlock = ({
  problem,
  onDone,
}: {
  problem: ProblemView
  onDone: () => void
}) => {
  const [editing, setEditing] = useState(false)
  const { tell } = useSending()
  const { whys = [], factors = [] } = problem.analysis
  return (
    <section class="block" aria-labelledby="whys">
      <header class="block-head">
        <h2 id="whys">Five whys</h2>
        {problem.actions.includes('analyse') && (
          <button type="button" onClick={() => setEditing(true)}>
            Edit
          </button>
        )}
      </header>
      {whys.length === 0 && <p class="faint">Nobody has asked why yet.</p>}
      <ol class="hints">
        {whys.map(({ why, because, evidence }) => (
          <li key={why} class="hint">
            <p>{why}</p>
            <p class="lines">
              Because {because} <EvidenceLinks evidence={evidence} />
            </p>
          </li>
        ))}
      </ol>
      {factors.length > 0 && (
        <dl class="facts">
          {factors.map(({ category, text, evidence }) => (
            <div key={`${category} ${text}`} class="facts-row">
              <dt>{category}</dt>
              <dd>
                {text} <EvidenceLinks evidence={evidence} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {editing && (
        <FormDialog
          title="Five whys"
          verb="Keep"
          fields={fieldsOf(problem.analysis)}
          onClose={() => setEditing(false)}
          onSubmit={(body) => {
            setEditing(false)
            tell(
              `/api/v1/problems/${encodeURIComponent(problem.id)}/analyse`,
              { whys: whysIn(body), factors: factorsIn(body) },
              onDone,
            )
          }}
        />
      )}
    </section>
  )
}
