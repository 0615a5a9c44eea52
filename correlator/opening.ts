// The policy for what opens an incident: a single alert may have to be severe or persistent first.
import { compileMatchers, type LabelTest, matchableLabels } from '../domain/matcher.ts'
import { type Severity, severityRank } from '../domain/severity.ts'
import type { Millis } from '../domain/time.ts'
import type { Face } from './faces.ts'
import type { LiveAlert } from './live-alert.ts'
import { readMatchers } from './mutes/inhibition.ts'
import { compilePattern } from './mutes/patterns.ts'
import type { CorrelatorSettings } from './settings.ts'

/** One rule of `correlator.openRules`: the first whose matchers all hold decides. */
export interface OpenRule {
  readonly name: string
  /** Written as in Alertmanager; they see the alert's labels, alertname, severity, source, ci. */
  readonly matchers: readonly string[]
  /** `never`: such an alert opens nothing by itself; another that joins it still does. */
  readonly opens?: 'when-due' | 'never'
  /** Instead of openSeverityMin. */
  readonly severityMin?: Severity
  /** Instead of openAfterMs. */
  readonly afterMs?: Millis
}

interface Policy {
  readonly never: boolean
  readonly severityMin: Severity
  readonly afterMs: Millis
}

/** @throws Error where a matcher or a pattern is wrong */
export const compileOpenRule = ({ matchers }: OpenRule): LabelTest =>
  compileMatchers(readMatchers(matchers), compilePattern)

type Policies = (alert: LiveAlert) => Policy

const createPolicies = ({
  openRules,
  openSeverityMin,
  openAfterMs,
}: CorrelatorSettings): Policies => {
  const otherwise: Policy = { never: false, severityMin: openSeverityMin, afterMs: openAfterMs }
  if (openRules.length === 0) return () => otherwise
  const rules = openRules.map((rule) => ({
    test: compileOpenRule(rule),
    policy: {
      never: rule.opens === 'never',
      severityMin: rule.severityMin ?? openSeverityMin,
      afterMs: rule.afterMs ?? openAfterMs,
    },
  }))
  return (alert) => {
    const labels = matchableLabels(alert)
    return rules.find(({ test }) => test(labels))?.policy ?? otherwise
  }
}

const compiled = new WeakMap<CorrelatorSettings, Policies>()

const policyOf = (alert: LiveAlert, settings: CorrelatorSettings): Policy => {
  let policies = compiled.get(settings)
  if (policies === undefined) {
    policies = createPolicies(settings)
    compiled.set(settings, policies)
  }
  return policies(alert)
}

/** True while the policy keeps an incident of one alert to itself; what was told stays told. */
export const isHeldBack = (
  { version, node, status }: Face,
  settings: CorrelatorSettings,
  now: Millis,
): boolean => {
  if (version > 0 || node === undefined || status === 'merged') return false
  if (node.alertCount > 1) return false
  const { never, severityMin, afterMs } = policyOf(node.opener, settings)
  if (never || severityRank(node.opener.severity) < severityRank(severityMin)) return true
  return now < node.openedAt + afterMs || (afterMs > 0 && node.firingCount === 0)
}

/** When one that is held back has lasted long enough. */
export const dueToOpen = ({ node }: Face, settings: CorrelatorSettings): Millis =>
  node === undefined ? 0 : node.openedAt + policyOf(node.opener, settings).afterMs
