// One KPI: its course over time, what it is made of, and the rows beneath it.
import { useEffect, useMemo } from 'preact/hooks'
import type { KpiDetail, KpiGroupView, KpiRows, KpiView } from '../../api/types.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { QueryTabs } from '../../parts/query-tabs.tsx'
import { Refusal } from '../../parts/refusal.tsx'
import { query } from '../../router.ts'
import { useResource } from '../../state/resource.ts'
import { countText, plural } from '../../text/counts.ts'
import { figureText, GOOD_WORDS, nameOfValue, unitOfValue } from '../../text/kpi.ts'
import { intervalFor, RangeTabs, rangeDays, rangeSuffix, useRange } from '../kpis/range.tsx'
import type { PageProps } from '../registry.ts'
import { Chart } from './chart.tsx'
import { rowColumns } from './rows.tsx'

const INTERVALS = new Set(['hour', 'day', 'week'])
const LINES_MAX = 3
const GROUPS_SHOWN_MAX = 50

/** The headline and those of its companions that share its axis. */
const lineNames = (kpi: KpiView): string[] =>
  Object.keys(kpi.values)
    .filter((name) => unitOfValue(kpi, name) === kpi.unit)
    .slice(0, LINES_MAX)

const Course = ({ kpi, groups }: { kpi: KpiView; groups: readonly KpiGroupView[] }) => {
  const times = useMemo(() => groups.map(({ key }) => Date.parse(key)), [groups])
  const lines = useMemo(
    () =>
      lineNames(kpi).map((name) => ({
        label: nameOfValue(name),
        values: groups.map(({ values }) => values[name] ?? null),
      })),
    [groups],
  )
  if (groups.length === 0) return <p class="faint">Nothing happened in this range.</p>
  return (
    <Chart
      times={times}
      from={Math.min(Date.parse(kpi.from), ...times)}
      to={Date.parse(kpi.to)}
      lines={lines}
      format={(value) => figureText(value, kpi.unit)}
      label={`${kpi.title} over time; the table below has the figures`}
    />
  )
}

const groupColumns = (kpi: KpiView, by: string): Column<KpiGroupView>[] => [
  { title: by, cell: ({ key }) => (key === '' ? '(none)' : key), grows: true },
  ...Object.keys(kpi.values).map(
    (name): Column<KpiGroupView> => ({
      title: nameOfValue(name),
      cell: ({ values }) => figureText(values[name], unitOfValue(kpi, name)),
      numeric: true,
    }),
  ),
  { title: 'population', cell: ({ count }) => countText(count), numeric: true, wideOnly: true },
]

const Groups = ({ kpi, address }: { kpi: KpiView; address: string }) => {
  const choices = kpi.dimensions.map((name) => [name, name] as const)
  const by = query.value.get('by') ?? kpi.dimensions[0] ?? ''
  const { data } = useResource<KpiDetail>(
    by === '' ? undefined : `${address}&by=${encodeURIComponent(by)}`,
  )
  const first = kpi.dimensions[0]
  return (
    <section class="block table-block" aria-labelledby="groups">
      <header class="block-head">
        <h2 id="groups">By {by}</h2>
        <QueryTabs
          name="by"
          label="Group by"
          choices={choices.map(([value, words]) => [value === first ? '' : value, words])}
        />
      </header>
      <DataTable
        label={`${kpi.title} by ${by}`}
        columns={groupColumns(kpi, by)}
        rows={data?.groups?.slice(0, GROUPS_SHOWN_MAX) ?? []}
        keyOf={({ key }) => key}
      />
    </section>
  )
}

const Rows = ({ id, range }: { id: string; range: string }) => {
  const { data } = useResource<KpiRows>(`/api/v1/kpis/${encodeURIComponent(id)}/rows?${range}`)
  if (data === undefined || data.items.length === 0) return null
  const rows = data.items.map((row, i) => ({ ...row, '#': i }))
  return (
    <section class="block table-block" aria-labelledby="rows">
      <h2 id="rows">The newest {plural(data.items.length, 'row')} beneath it</h2>
      <DataTable
        label="Rows beneath the figure"
        columns={rowColumns(data.columns)}
        rows={rows}
        keyOf={(row) => String(row['#'])}
      />
    </section>
  )
}

const Meaning = ({ kpi }: { kpi: KpiView }) => (
  <dl class="facts block">
    <dt>Formula</dt>
    <dd>{kpi.formula}</dd>
    <dt>Population</dt>
    <dd>
      {kpi.population} ({countText(kpi.count)})
    </dd>
    {GOOD_WORDS[kpi.good] !== '' && <dt>Direction</dt>}
    {GOOD_WORDS[kpi.good] !== '' && <dd>{GOOD_WORDS[kpi.good]}</dd>}
  </dl>
)

export const KpiPage = ({ parameters }: PageProps) => {
  const id = parameters.id ?? ''
  const range = useRange()
  const address = `/api/v1/kpis/${encodeURIComponent(id)}?${range}`
  const { data: kpi, refusal } = useResource<KpiDetail>(address)
  const interval = intervalFor(rangeDays())
  const timed = kpi?.dimensions.includes(interval) ?? false
  const course = useResource<KpiDetail>(timed ? `${address}&by=${interval}` : undefined)
  useEffect(() => {
    if (kpi !== undefined) document.title = `${kpi.title} · Faultline`
  }, [kpi?.title])
  if (kpi === undefined)
    return (
      <main class="page" id="page" aria-busy={refusal === undefined}>
        {refusal !== undefined && <Refusal refusal={refusal} what="KPI of that name" />}
      </main>
    )
  return (
    <main class="page page-stack" id="page">
      <header class="page-head">
        <div>
          <p class="crumbs">
            <a href={`/kpis${rangeSuffix()}`}>KPIs</a>
          </p>
          <h1>{kpi.title}</h1>
        </div>
        <RangeTabs />
      </header>
      <p class="tile-figure num">{figureText(kpi.value, kpi.unit)}</p>
      <p>{kpi.question}</p>
      {timed && course.data !== undefined && (
        <section class="block" aria-labelledby="course">
          <h2 id="course">By {interval}</h2>
          <Course kpi={kpi} groups={course.data.groups ?? []} />
        </section>
      )}
      <Meaning kpi={kpi} />
      {kpi.dimensions.some((name) => !INTERVALS.has(name)) && (
        <Groups kpi={kpi} address={address} />
      )}
      <Rows id={id} range={range} />
    </main>
  )
}
