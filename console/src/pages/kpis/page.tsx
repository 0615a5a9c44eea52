// Every KPI at a glance: question, figure, what stands beside it, how many it is about.
import { can } from '../../api/capabilities.ts'
import type { KpiList, KpiView } from '../../api/types.ts'
import { Refusal } from '../../parts/refusal.tsx'
import { useResource } from '../../state/resource.ts'
import { countText } from '../../text/counts.ts'
import { figureText, GOOD_WORDS, nameOfValue, unitOfValue } from '../../text/kpi.ts'
import { RangeTabs, rangeSuffix, useRange } from './range.tsx'

const Tile = ({ kpi }: { kpi: KpiView }) => (
  <li class="tile">
    <a href={`/kpis/${encodeURIComponent(kpi.id)}${rangeSuffix()}`}>
      <h2>{kpi.title}</h2>
      <p class="tile-figure num">{figureText(kpi.value, kpi.unit)}</p>
    </a>
    <dl class="tile-beside">
      {Object.entries(kpi.values)
        .slice(1)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{nameOfValue(name)}</dt>
            <dd class="num">{figureText(value, unitOfValue(kpi, name))}</dd>
          </div>
        ))}
      <div>
        <dt>population</dt>
        <dd class="num">{countText(kpi.count)}</dd>
      </div>
    </dl>
    <p class="faint">
      {kpi.question} {GOOD_WORDS[kpi.good] !== '' && `(${GOOD_WORDS[kpi.good]})`}
    </p>
  </li>
)

export const KpisPage = () => {
  const { data, refusal } = useResource<KpiList>(`/api/v1/kpis?${useRange()}`)
  return (
    <main class="page page-stack" id="page">
      <header class="page-head">
        <h1>KPIs</h1>
        <span class="inline">
          {can('GET /api/v1/reports/week') && (
            <span>
              Report:{' '}
              <a href="/api/v1/reports/week" data-leaves>
                last week
              </a>
              ,{' '}
              <a href="/api/v1/reports/week?week=this" data-leaves>
                this week
              </a>
            </span>
          )}
          <RangeTabs />
        </span>
      </header>
      {data === undefined && refusal !== undefined && <Refusal refusal={refusal} what="KPIs" />}
      {data === undefined && refusal === undefined && <p class="faint">Reading the figures …</p>}
      <ul class="tiles" aria-busy={data === undefined && refusal === undefined}>
        {data?.items.map((kpi) => (
          <Tile key={kpi.id} kpi={kpi} />
        ))}
      </ul>
    </main>
  )
}
