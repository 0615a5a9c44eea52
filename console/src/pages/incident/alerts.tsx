// The alerts of an incident as lanes over time; opening one tells why it is here.
import { useMemo, useRef, useState } from 'preact/hooks'
import type { AlertView, IncidentDetail } from '../../api/types.ts'
import { now } from '../../clock.ts'
import { type BindingGroup, useKeys } from '../../keys.ts'
import { EvidenceList } from '../../parts/evidence.tsx'
import { SeverityShape } from '../../parts/severity.tsx'
import { Time } from '../../parts/time.tsx'
import { countText, plural } from '../../text/counts.ts'
import { safeLink } from '../../text/safe-link.ts'
import type { Act } from './actions.tsx'
import { barsOf, type Span, shareOf, spanOf, ticksOf, tickText } from './lanes.ts'
import { MoveAlerts } from './move-alerts.tsx'

const TICKS_MAX = 6
const percent = (share: number): string => `${(share * 100).toFixed(2)}%`

const Lane = ({
  alert,
  incident,
  span,
}: {
  alert: AlertView
  incident: IncidentDetail
  span: Span
}) => (
  <span class="lane">
    {barsOf(alert, incident.timeline, span, now.value).map((bar) => (
      <span
        key={bar.from}
        class={`lane-bar severity-${alert.severity}${bar.open ? ' lane-open' : ''}`}
        style={{ insetInlineStart: percent(bar.from), inlineSize: percent(bar.to - bar.from) }}
      />
    ))}
  </span>
)

const LinkOut = ({ href, children }: { href: string | undefined; children: string }) => {
  const safe = safeLink(href)
  if (href === undefined) return null
  if (safe === undefined) return <span class="faint">{href}</span>
  return (
    <a href={safe} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  )
}

const Facts = ({ alert }: { alert: AlertView }) => (
  <dl class="facts">
    <dt>Fired</dt>
    <dd>
      <Time at={alert.startsAt} />
    </dd>
    <dt>Last seen</dt>
    <dd>
      <Time at={alert.lastSeen} />
    </dd>
    {alert.resolvedAt !== undefined && <dt>Cleared</dt>}
    {alert.resolvedAt !== undefined && (
      <dd>
        <Time at={alert.resolvedAt} />
      </dd>
    )}
    <dt>Source</dt>
    <dd>{alert.source}</dd>
    <dt>Labels</dt>
    <dd class="labels">
      {Object.entries(alert.labels).map(([name, value]) => (
        <span key={name} class="tag">
          {name}={value}
        </span>
      ))}
    </dd>
  </dl>
)

const Why = ({ alert }: { alert: AlertView }) => (
  <div class="why">
    <p>{alert.summary}</p>
    <h3>Why it is in this incident</h3>
    {alert.evidence.length === 0 ? (
      <p class="faint">It opened the incident: there was nothing to compare it with.</p>
    ) : (
      <EvidenceList reasons={alert.evidence} />
    )}
    <Facts alert={alert} />
    <p class="why-actions">
      <LinkOut href={alert.link}>Open in the tool</LinkOut>
      <LinkOut href={alert.runbook}>Runbook</LinkOut>
    </p>
  </div>
)

const stateOf = (alert: AlertView): string => {
  const words: string[] = [alert.status]
  if (alert.flapping) words.push('flapping')
  if (alert.muted !== undefined) words.push(`muted by ${alert.muted}`)
  return words.join(', ')
}

interface AlertRowProps {
  readonly alert: AlertView
  readonly incident: IncidentDetail
  readonly span: Span
  readonly picked: boolean
  /** Absent where alerts cannot be moved. */
  readonly onPick?: (() => void) | undefined
}

const AlertRow = ({ alert, incident, span, picked, onPick }: AlertRowProps) => {
  const [open, setOpen] = useState(false)
  return (
    <li class={`alert${picked ? ' alert-picked' : ''}`}>
      {onPick !== undefined && (
        <input
          type="checkbox"
          checked={picked}
          aria-label={`Select ${alert.name} on ${alert.ci ?? 'no CI'}`}
          onClick={onPick}
        />
      )}
      <button type="button" class="alert-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <SeverityShape severity={alert.severity} />
        <span class="alert-name">
          <span class="visually-hidden">{alert.severity} </span>
          {alert.name}
        </span>
        <span class="alert-ci">{alert.ci ?? 'no CI'}</span>
        <span class="alert-state">{stateOf(alert)}</span>
        <span class="alert-count num">×{countText(alert.occurrences + 1)}</span>
        <Lane alert={alert} incident={incident} span={span} />
      </button>
      {open && <Why alert={alert} />}
    </li>
  )
}

const Axis = ({ span }: { span: Span }) => (
  <div class="alert-head lane-axis" aria-hidden="true">
    <span class="lane">
      {ticksOf(span, TICKS_MAX).map((at) => (
        <span
          key={at}
          class="lane-tick num"
          style={{ insetInlineStart: percent(shareOf(span, at)) }}
        >
          {tickText(span, at)}
        </span>
      ))}
    </span>
  </div>
)

/** j and k walk from alert to alert, x picks the one that they are on. */
const useAlertKeys = () => {
  const list = useRef<HTMLUListElement>(null)
  const group = useMemo((): BindingGroup => {
    const rows = (): HTMLElement[] => [...(list.current?.children ?? [])] as HTMLElement[]
    const current = (): number => rows().findIndex((row) => row.contains(document.activeElement))
    const focus = (index: number): void =>
      rows()[index]?.querySelector<HTMLElement>('.alert-head')?.focus()
    const pick = (): void =>
      rows()[current()]?.querySelector<HTMLInputElement>('input[type=checkbox]')?.click()
    return {
      title: 'Its alerts',
      bindings: [
        { key: 'j', label: 'Next alert', run: () => focus(current() + 1) },
        { key: 'k', label: 'Previous alert', run: () => focus(Math.max(0, current() - 1)) },
        { key: 'x', label: 'Pick it or not', run: pick },
      ],
    }
  }, [])
  useKeys(group)
  return list
}

const byBegin = (a: AlertView, b: AlertView): number => (a.startsAt < b.startsAt ? -1 : 1)

export const Alerts = ({ incident, onDone }: Act) => {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const span = spanOf(incident, now.value)
  const list = useAlertKeys()
  const unseen = incident.alertCount - incident.alerts.length
  const movable = incident.actions.includes('split') && incident.alertCount > 1
  const pick = (id: string): void => {
    const next = new Set(picked)
    if (!next.delete(id)) next.add(id)
    setPicked(next)
  }
  return (
    <section class="block" aria-labelledby="alerts">
      <header class="alerts-head">
        <h2 id="alerts">
          {plural(incident.alertCount, 'alert')}, {countText(incident.firingCount)} firing
        </h2>
        <MoveAlerts
          incident={incident}
          alertIds={[...picked]}
          onDone={() => {
            setPicked(new Set())
            onDone()
          }}
        />
      </header>
      <div class={movable ? 'alerts-movable' : ''}>
        <Axis span={span} />
        <ul class="alerts" ref={list}>
          {incident.alerts.toSorted(byBegin).map((alert) => (
            <AlertRow
              key={alert.id}
              alert={alert}
              incident={incident}
              span={span}
              picked={picked.has(alert.id)}
              onPick={movable ? () => pick(alert.id) : undefined}
            />
          ))}
        </ul>
      </div>
      {unseen > 0 && (
        <p class="faint">
          {plural(unseen, 'more alert')}, the oldest, not shown here: see{' '}
          <a href={`/alerts?incident=${encodeURIComponent(incident.id)}`}>all of them</a>.
        </p>
      )}
    </section>
  )
}
