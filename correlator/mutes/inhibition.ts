// Inhibition as Alertmanager has it: while a source fires, targets with the same labels are muted.
import type { Labels } from '../../domain/event.ts'
import {
  compileMatchers,
  type LabelTest,
  labelOf,
  type Matcher,
  parseMatchers,
} from '../../domain/matcher.ts'
import type { LiveAlert } from '../live-alert.ts'
import { compilePattern } from './patterns.ts'

/** One rule of `correlator.inhibition`; matchers are written as in Alertmanager. */
export interface InhibitionRule {
  /** Shown on what it mutes. */
  readonly name: string
  readonly sourceMatchers: readonly string[]
  readonly targetMatchers: readonly string[]
  /** Labels in which source and target agree; one that is missing is the same as an empty one. */
  readonly equal?: readonly string[]
}

export interface Inhibition {
  /** It fires. @returns targets that may be muted now, or no longer */
  fired(alert: LiveAlert, labels: Labels): Iterable<LiveAlert>
  /** It no longer fires, or its labels are about to change. */
  ceased(alert: LiveAlert): Iterable<LiveAlert>
  /** Rule and source of what mutes it, rules in order. */
  of(alert: LiveAlert): readonly { readonly rule: string; readonly source: LiveAlert }[]
}

/** Alerts of one rule, in one scope, that agree in the labels that must be equal. */
interface Group {
  readonly key: string
  readonly sources: Side
  /** These match the targets' side, too: they inhibit no other such alert, itself among them. */
  readonly twoSided: Side
  readonly targets: Set<LiveAlert>
}

interface Side {
  readonly alerts: Set<LiveAlert>
  /** The one that is named as the source; undefined where it has to be found. */
  lead: LiveAlert | undefined
}

interface CompiledRule {
  readonly name: string
  readonly source: LabelTest
  readonly target: LabelTest
  readonly equal: readonly string[]
  readonly groups: Map<string, Group>
}

interface Seat {
  readonly rule: CompiledRule
  readonly group: Group
}

/** @throws Error that says which text is no matcher */
export const readMatchers = (texts: readonly string[]): readonly Matcher[] =>
  texts.flatMap((text) => {
    const matchers = parseMatchers(text)
    if (typeof matchers === 'string') throw new Error(matchers)
    return matchers
  })

/** @throws Error where a matcher or a pattern is wrong */
export const compileRule = (rule: InhibitionRule): Omit<CompiledRule, 'groups'> => ({
  name: rule.name,
  source: compileMatchers(readMatchers(rule.sourceMatchers), compilePattern),
  target: compileMatchers(readMatchers(rule.targetMatchers), compilePattern),
  equal: rule.equal ?? [],
})

const newGroup = (key: string): Group => ({
  key,
  sources: { alerts: new Set(), lead: undefined },
  twoSided: { alerts: new Set(), lead: undefined },
  targets: new Set(),
})

const join = (side: Side, alert: LiveAlert): void => {
  side.alerts.add(alert)
  if (side.lead !== undefined && alert.id < side.lead.id) side.lead = alert
}

const leave = (side: Side, alert: LiveAlert): void => {
  side.alerts.delete(alert)
  if (side.lead === alert) side.lead = undefined
}

/** The least id, so that it does not depend on who came first. */
const leadOf = (side: Side): LiveAlert | undefined => {
  if (side.lead === undefined)
    for (const alert of side.alerts)
      if (side.lead === undefined || alert.id < side.lead.id) side.lead = alert
  return side.lead
}

/** Whether there is a source for one-sided targets, and for those on both sides. */
const reachOf = ({ sources, twoSided }: Group): string =>
  `${sources.alerts.size + twoSided.alerts.size > 0} ${sources.alerts.size > 0}`

const isEmpty = ({ sources, twoSided, targets }: Group): boolean =>
  sources.alerts.size + twoSided.alerts.size + targets.size === 0

const NONE: readonly LiveAlert[] = []

const NO_INHIBITION: Inhibition = { fired: () => NONE, ceased: () => NONE, of: () => [] }

/** @throws Error where a rule is wrong: check the settings first */
export const createInhibition = (settings: readonly InhibitionRule[]): Inhibition => {
  if (settings.length === 0) return NO_INHIBITION
  const rules: CompiledRule[] = settings.map((rule) => ({
    ...compileRule(rule),
    groups: new Map(),
  }))
  const seats = new Map<LiveAlert, readonly Seat[]>()

  const groupOf = ({ equal, groups }: CompiledRule, alert: LiveAlert, labels: Labels): Group => {
    const key = JSON.stringify([alert.scope, ...equal.map((name) => labelOf(labels, name))])
    const known = groups.get(key)
    if (known !== undefined) return known
    const group = newGroup(key)
    groups.set(key, group)
    return group
  }

  const ceased = (alert: LiveAlert): LiveAlert[] => {
    const touched: LiveAlert[] = []
    for (const { rule, group } of seats.get(alert) ?? []) {
      const before = reachOf(group)
      leave(group.sources, alert)
      leave(group.twoSided, alert)
      group.targets.delete(alert)
      if (reachOf(group) !== before) touched.push(...group.targets)
      if (isEmpty(group)) rule.groups.delete(group.key)
    }
    seats.delete(alert)
    return touched
  }

  const enter = (alert: LiveAlert, labels: Labels): LiveAlert[] => {
    const touched: LiveAlert[] = []
    const taken: Seat[] = []
    for (const rule of rules) {
      const isSource = rule.source(labels)
      const isTarget = rule.target(labels)
      if (!isSource && !isTarget) continue
      const group = groupOf(rule, alert, labels)
      const before = reachOf(group)
      if (isSource) join(isTarget ? group.twoSided : group.sources, alert)
      if (isTarget) group.targets.add(alert)
      if (reachOf(group) !== before) touched.push(...group.targets)
      taken.push({ rule, group })
    }
    if (taken.length > 0) seats.set(alert, taken)
    return touched
  }

  return {
    fired: (alert, labels) => [...ceased(alert), ...enter(alert, labels)],
    ceased,
    of: (alert) =>
      (seats.get(alert) ?? []).flatMap(({ rule, group }) => {
        if (!group.targets.has(alert)) return []
        const bothSides = group.twoSided.alerts.has(alert)
        const source = leadOf(group.sources) ?? (bothSides ? undefined : leadOf(group.twoSided))
        return source === undefined ? [] : [{ rule: rule.name, source }]
      }),
  }
}
