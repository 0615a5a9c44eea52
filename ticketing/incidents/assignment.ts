// Who a new incident goes to: rules from the settings, then the owner that its CIs name.
import type { Incident } from '../../domain/incident.ts'
import type { Severity } from '../../domain/severity.ts'
import type { Ci } from '../../domain/topology.ts'
import type { Graph } from '../cis/graph.ts'

/** Every condition that is given must hold; one on CIs must hold for one of the incident's. */
export interface AssignmentRule {
  readonly scope?: string
  readonly severities?: readonly Severity[]
  readonly ciKind?: string
  /** Attribute values that the CI must have. */
  readonly ciAttributes?: Readonly<Record<string, string>>
  readonly team: string
  readonly assignee?: string
}

export interface Assignment {
  readonly team: string | null
  readonly assignee: string | null
}

const ciFits = ({ ciKind, ciAttributes = {} }: AssignmentRule, ci: Ci): boolean =>
  (ciKind === undefined || ci.kind === ciKind) &&
  Object.entries(ciAttributes).every(([name, value]) => ci.attributes[name] === value)

const ruleFits = (rule: AssignmentRule, incident: Incident, cis: readonly Ci[]): boolean => {
  if (rule.scope !== undefined && rule.scope !== incident.scope) return false
  if (rule.severities !== undefined && !rule.severities.includes(incident.severity)) return false
  const aboutCis = rule.ciKind !== undefined || rule.ciAttributes !== undefined
  return !aboutCis || cis.some((ci) => ciFits(rule, ci))
}

/** The first rule that fits; without one, the attribute `team` or `owner` of the first CI. */
export const assignmentOf = (
  rules: readonly AssignmentRule[],
  graph: Graph,
  incident: Incident,
): Assignment => {
  const cis = incident.cis.flatMap((id) => graph.ci(id) ?? [])
  const rule = rules.find((each) => ruleFits(each, incident, cis))
  if (rule !== undefined) return { team: rule.team, assignee: rule.assignee ?? null }
  const owners = cis.flatMap(({ attributes }) => attributes.team ?? attributes.owner ?? [])
  return { team: owners[0] ?? null, assignee: null }
}
