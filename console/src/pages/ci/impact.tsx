// What suffers where this CI fails: services by name, dependants nearest first.
import { can } from '../../api/capabilities.ts'
import type { ImpactView } from '../../api/types.ts'
import { useResource } from '../../state/resource.ts'
import { plural } from '../../text/counts.ts'
import { ciPath } from '../paths.ts'

const DEPENDANTS_SHOWN_MAX = 30

export const Impact = ({ id }: { id: string }) => {
  const known = can('GET /api/v1/cis/{}/impact')
  const address = known ? `/api/v1/cis/${encodeURIComponent(id)}/impact` : undefined
  const { data } = useResource<ImpactView>(address)
  if (data === undefined) return null
  const { impact, services, dependants } = data
  return (
    <section class="block" aria-labelledby="impact">
      <h2 id="impact">If it fails</h2>
      {dependants.length === 0 ? (
        <p class="faint">Nothing is known to depend on it.</p>
      ) : (
        <dl class="facts">
          {impact !== undefined && <dt>Impact</dt>}
          {impact !== undefined && <dd>{impact}</dd>}
          <dt>Services</dt>
          <dd>{services.length === 0 ? 'none' : services.join(', ')}</dd>
          <dt>Reaches</dt>
          <dd>
            {plural(dependants.length, 'CI')}
            <span class="labels">
              {dependants.slice(0, DEPENDANTS_SHOWN_MAX).map((one) => (
                <a key={one.id} class="tag" href={ciPath(one.id)} title={`${one.distance} away`}>
                  {one.name}
                </a>
              ))}
            </span>
          </dd>
        </dl>
      )}
    </section>
  )
}
