// The weekly report over HTTP, as a page, as Markdown or as data.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import type { KpiRouteParts } from '../routes.ts'
import { REPORT_POLICY, reportHtml, reportMarkdown } from './render.ts'
import { REPORTED_WEEKS, type WeeklyReport, weeklyReport } from './weekly.ts'

const FORMATS = {
  html: ['text/html; charset=utf-8', reportHtml],
  markdown: ['text/markdown; charset=utf-8', reportMarkdown],
  json: ['application/json; charset=utf-8', (report) => JSON.stringify(dataOf(report))],
} as const satisfies Record<string, readonly [type: string, render: (r: WeeklyReport) => string]>

const FormatQuery = Type.Object({
  format: Type.Enum(['html', 'markdown', 'json'], { default: 'html' }),
  week: Type.Enum([...REPORTED_WEEKS], { default: 'last' }),
})

/** The figures by KPI id, without the KPIs' definitions. */
const dataOf = ({ numbers, ...range }: WeeklyReport) => ({
  ...range,
  numbers: numbers.map(({ kpi, ...figures }) => ({ kpi: kpi.id, title: kpi.title, ...figures })),
})

export const reportRoutes =
  ({ facts, clock }: KpiRouteParts): FastifyPluginAsync =>
  async (instance) => {
    const app = instance.withTypeProvider<TypeBoxTypeProvider>()
    app.get(
      '/api/v1/reports/week',
      {
        schema: {
          tags: ['kpis'],
          summary:
            'The last whole week, or this one so far, in five numbers, against the week before',
          querystring: FormatQuery,
        },
      },
      async ({ query }, reply) => {
        const [type, render] = FORMATS[query.format]
        if (query.format === 'html') reply.header('content-security-policy', REPORT_POLICY)
        const report = await weeklyReport(facts, clock.now(), query.week)
        return reply.type(type).send(render(report))
      },
    )
  }
