// The KPI API: every figure with its formula and population, its groups, and the rows beneath it.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Facts } from '../domain/ports/facts.ts'
import { rangeOf, type TimeRange } from '../domain/range.ts'
import { type Clock, isoTime } from '../domain/time.ts'
import {
  dimensionsOf,
  type KpiFigures,
  kpiFigures,
  kpiGroups,
  kpiRows,
  ROWS_MAX,
} from './kpis/query.ts'
import { KPIS, kpiById } from './kpis/registry.ts'
import { KpiDetail, KpiList, KpiQuery, KpiRange, KpiRows, type KpiView } from './kpis/schemas.ts'
import type { Kpi } from './kpis/types.ts'

export interface KpiRouteParts {
  readonly facts: Facts
  readonly clock: Clock
}

const TITLES = {
  400: 'Bad request',
  404: 'Not found',
  503: 'Facts unavailable',
} as const

/** RFC 9457. */
const refuse = (reply: FastifyReply, status: keyof typeof TITLES, detail: string) =>
  reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title: TITLES[status], status, detail })

const headline = (kpi: Kpi, { values }: KpiFigures): number | null =>
  values[Object.keys(kpi.values)[0]!] ?? null

const viewOf = (kpi: Kpi, { from, to }: TimeRange, figures: KpiFigures): KpiView => ({
  id: kpi.id,
  title: kpi.title,
  question: kpi.question,
  formula: kpi.formula,
  population: kpi.population,
  unit: kpi.unit,
  good: kpi.good,
  panel: kpi.panel,
  dimensions: dimensionsOf(kpi),
  from: isoTime(from),
  to: isoTime(to),
  value: headline(kpi, figures),
  ...figures,
})

const Id = Type.Object({ id: Type.String() })

const RowsQuery = Type.Interface([KpiRange], {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: ROWS_MAX })),
})

export const kpiRoutes =
  ({ facts, clock }: KpiRouteParts): FastifyPluginAsync =>
  async (instance) => {
    const app = instance.withTypeProvider<TypeBoxTypeProvider>()
    const tags = ['kpis']

    app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
      if (error.statusCode !== undefined && error.statusCode < 500)
        return refuse(reply, 400, error.message)
      instance.log.error(error, 'the facts did not answer')
      return refuse(reply, 503, 'The fact tables did not answer; try again.')
    })

    app.get('/api/v1/kpis', {
      schema: {
        tags,
        summary: 'Every KPI with its figure over a range',
        querystring: KpiRange,
        response: { 200: KpiList },
      },
      handler: async ({ query }, reply) => {
        const range = rangeOf(query, clock.now())
        if (typeof range === 'string') return refuse(reply, 400, range)
        const items = await Promise.all(
          KPIS.map(async (kpi) => viewOf(kpi, range, await kpiFigures(facts, kpi, range))),
        )
        return { items }
      },
    })

    app.get('/api/v1/kpis/:id', {
      schema: {
        tags,
        summary: 'One KPI, grouped by a dimension or by hour, day or week',
        params: Id,
        querystring: KpiQuery,
        response: { 200: KpiDetail },
      },
      handler: async ({ params, query }, reply) => {
        const kpi = kpiById(params.id)
        if (kpi === undefined) return refuse(reply, 404, `There is no KPI "${params.id}".`)
        const range = rangeOf(query, clock.now())
        if (typeof range === 'string') return refuse(reply, 400, range)
        const dimensions = dimensionsOf(kpi)
        const { by } = query
        if (by !== undefined && !dimensions.includes(by))
          return refuse(reply, 400, `\`by\` must be one of ${dimensions.join(', ')}`)
        const view = viewOf(kpi, range, await kpiFigures(facts, kpi, range))
        if (by === undefined) return view
        const groups = await kpiGroups(facts, kpi, range, by)
        return {
          ...view,
          by,
          groups: groups.map((group) => ({ ...group, value: headline(kpi, group) })),
        }
      },
    })

    app.get('/api/v1/kpis/:id/rows', {
      schema: {
        tags,
        summary: 'The newest rows beneath a figure',
        params: Id,
        querystring: RowsQuery,
        response: { 200: KpiRows },
      },
      handler: async ({ params, query }, reply) => {
        const kpi = kpiById(params.id)
        if (kpi === undefined) return refuse(reply, 404, `There is no KPI "${params.id}".`)
        const range = rangeOf(query, clock.now())
        if (typeof range === 'string') return refuse(reply, 400, range)
        const items = await kpiRows(facts, kpi, range, query.limit ?? 100)
        return { columns: [...kpi.rows], items }
      },
    })
  }
