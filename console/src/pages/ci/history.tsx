// What a CI was before: each version with what changed in it, the newest first.
import { can } from '../../api/capabilities.ts'
import type { CiVersionView, Page } from '../../api/types.ts'
import { Time } from '../../parts/time.tsx'
import { useResource } from '../../state/resource.ts'

const factsOf = ({ kind, name, attributes }: CiVersionView): Record<string, string> => ({
  kind,
  name,
  ...attributes,
})

/** One sentence a fact that differs. */
const differences = (now: CiVersionView, before: CiVersionView | undefined): string[] => {
  if (before === undefined) return ['entered']
  const [was, is] = [factsOf(before), factsOf(now)]
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  return names
    .filter((name) => was[name] !== is[name])
    .map((name) => `${name}: ${was[name] ?? 'nothing'} → ${is[name] ?? 'nothing'}`)
}

export const CiHistory = ({ id }: { id: string }) => {
  const known = can('GET /api/v1/cis/{}/history')
  const address = known ? `/api/v1/cis/${encodeURIComponent(id)}/history` : undefined
  const { data } = useResource<Page<CiVersionView>>(address)
  const versions = data?.items.toSorted((a, b) => (a.validFrom < b.validFrom ? 1 : -1)) ?? []
  return versions.length === 0 ? null : (
    <section class="block" aria-labelledby="ci-history">
      <h2 id="ci-history">History</h2>
      <dl class="facts">
        {versions.map((version, i) => (
          <div key={version.validFrom} class="facts-row">
            <dt>
              <Time at={version.validFrom} />
            </dt>
            <dd>{differences(version, versions[i + 1]).join('; ') || 'relations'}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
