// Where it may have begun: ranked suspicions with their reasons, for a person to judge.
import { useState } from 'preact/hooks'
import type { HintView } from '../../api/types.ts'
import { EvidenceList } from '../../parts/evidence.tsx'
import { likelihoodText, plural } from '../../text/counts.ts'
import { ciPath } from '../paths.ts'
import { type Act, actOn } from './actions.tsx'

const hintKey = ({ ci, change, alertName }: HintView): string =>
  [ci, change ?? '', alertName ?? ''].join('\n')

/** Its confidence is not yet a hit rate seen here. */
const isPrior = ({ reasons }: HintView): boolean => reasons.some(({ signal }) => signal === 'prior')

const Verdict = ({ hint, incident, onDone }: Act & { hint: HintView }) => {
  const [said, setSaid] = useState<string>()
  const judge = (action: 'confirm-hint' | 'reject-hint', word: string): void => {
    const { ci, change } = hint
    const body = change === undefined ? { ci } : { ci, change }
    void actOn(incident, action, body).then((done) => {
      if (!done) return
      setSaid(word)
      onDone()
    })
  }
  if (said !== undefined) return <span class="verdict-said">{said}</span>
  if (!incident.actions.includes('confirm-hint')) return null
  return (
    <>
      <button type="button" onClick={() => judge('confirm-hint', 'Confirmed as root cause')}>
        Confirm
      </button>
      <button type="button" onClick={() => judge('reject-hint', 'Ruled out')}>
        Rule out
      </button>
    </>
  )
}

const HintItem = (props: Act & { hint: HintView; rank: number }) => {
  const { hint, rank } = props
  const [open, setOpen] = useState(rank === 1)
  return (
    <li class="hint">
      <div class="hint-head">
        <span class="hint-rank num">{rank}</span>
        <span class="hint-what">
          <a href={ciPath(hint.ci)}>{hint.ci}</a>
          {hint.change !== undefined && <span class="tag">change {hint.change}</span>}
          {hint.alertName !== undefined && <span class="tag">{hint.alertName}</span>}
        </span>
        {isPrior(hint) && <span class="tag">prior</span>}
        <span
          class="hint-confidence num"
          title={
            isPrior(hint) ? 'Too little has ended here to know' : 'How often such hints were right'
          }
        >
          {likelihoodText(hint.confidence)}
        </span>
        <span class="verdict">
          <button
            type="button"
            class="quiet"
            aria-expanded={open}
            aria-label={`Why ${hint.ci}`}
            onClick={() => setOpen(!open)}
          >
            Why
          </button>
          <Verdict {...props} />
        </span>
      </div>
      {open && <EvidenceList reasons={hint.reasons} />}
    </li>
  )
}

/** The likeliest; the rest is there for who asks. */
const SHOWN = 3

export const Hints = (props: Act) => {
  const { hints } = props.incident
  const [all, setAll] = useState(false)
  const more = hints.length - SHOWN
  return (
    <section class="block" aria-labelledby="hints">
      <h2 id="hints">Where it may have begun</h2>
      {hints.length === 0 ? (
        <p class="faint">Nothing points anywhere yet. More alerts or the topology may tell.</p>
      ) : (
        <ol class="hints">
          {hints.slice(0, all ? undefined : SHOWN).map((hint, i) => (
            <HintItem key={hintKey(hint)} {...props} hint={hint} rank={i + 1} />
          ))}
        </ol>
      )}
      {more > 0 && !all && (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          {plural(more, 'suspicion')} more
        </button>
      )}
    </section>
  )
}
