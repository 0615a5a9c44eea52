// Where in the topology it happens: the alerting CIs, what ties them, the hinted root marked.
import { useEffect, useState } from 'preact/hooks'
import { get } from '../../api/client.ts'
import type { AlertView, CiDetail, IncidentDetail, RelationView } from '../../api/types.ts'
import { Drawing, type NodeMark } from '../../graph/drawing.tsx'
import { neighbourhoodOf } from '../../graph/neighbourhood.ts'
import { SEVERITIES } from '../../state/filters.ts'
import { plural } from '../../text/counts.ts'

/** CIs whose relations are asked for: one request each. */
const CIS_MAX = 16

const useRelations = (ids: readonly string[]): readonly RelationView[] | undefined => {
  const [relations, setRelations] = useState<readonly RelationView[]>()
  const names = ids.join('\n')
  useEffect(() => {
    let wanted = true
    const asked = ids.map((id) => get<CiDetail>(`/api/v1/cis/${encodeURIComponent(id)}`))
    void Promise.all(asked).then((answers) => {
      if (!wanted) return
      setRelations(answers.flatMap((answer) => (answer.ok ? answer.data.relations : [])))
    })
    return () => {
      wanted = false
    }
  }, [names])
  return relations
}

const worst = (alerts: readonly AlertView[]): AlertView['severity'] | undefined =>
  SEVERITIES.find((word) => alerts.some(({ severity }) => severity === word))

const markOf = (incident: IncidentDetail, id: string): NodeMark => {
  const here = incident.alerts.filter(({ ci }) => ci === id)
  const root = incident.hints[0]?.ci === id
  const firing = here.length === 0 ? '' : plural(here.length, 'alert')
  const words = root ? ['suspected root', firing].filter(Boolean).join(', ') : firing
  return { severity: worst(here), words, root }
}

export const Topology = ({ incident }: { incident: IncidentDetail }) => {
  const hinted = incident.hints.map(({ ci }) => ci)
  const centre = [...new Set([...hinted.slice(0, 1), ...incident.cis, ...hinted])].slice(0, CIS_MAX)
  const relations = useRelations(centre)
  if (centre.length === 0) return null
  return (
    <section class="block" aria-labelledby="topology" aria-busy={relations === undefined}>
      <h2 id="topology">Where it happens</h2>
      {relations !== undefined && relations.length === 0 && (
        <p class="faint">The topology knows no relations of these CIs. Importing one helps.</p>
      )}
      <Drawing
        neighbourhood={neighbourhoodOf(centre, relations ?? [])}
        label="CIs of this incident and how they depend on each other"
        mark={(id) => markOf(incident, id)}
      />
    </section>
  )
}
