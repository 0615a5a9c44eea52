// Whoever is limited to teams meets only their tickets: another team's is as if it were not there.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { DeskRoutesOptions } from './context.ts'
import { notFound } from './context.ts'

const KINDS = { incidents: 'incident', requests: 'request', tasks: 'task' } as const
const TICKET_ROUTE = /^\/api\/v1\/(incidents|requests|tasks)\/:id(\/|$)/
/** Bodies of an incident's actions that name another one. */
const OTHER_INCIDENTS = ['into', 'to', 'incident'] as const

const namedIncidents = (body: unknown): string[] =>
  typeof body !== 'object' || body === null
    ? []
    : OTHER_INCIDENTS.flatMap((member) => {
        const named: unknown = (body as Record<string, unknown>)[member]
        return typeof named === 'string' ? [named] : []
      })

export const installTeamLimits = (app: FastifyInstance, { desk }: DeskRoutesOptions): void => {
  const { queries } = desk
  app.addHook('preHandler', async (request: FastifyRequest, reply: FastifyReply) => {
    const { limitedTo } = request
    if (limitedTo === undefined) return undefined
    const [, folder] = TICKET_ROUTE.exec(request.routeOptions.url ?? '') ?? []
    if (folder === undefined) return undefined
    const kind = KINDS[folder as keyof typeof KINDS]
    const { id } = request.params as { id: string }
    if (!(await queries.isOfTeams(kind, id, limitedTo))) return notFound(reply, kind, id)
    if (kind !== 'incident') return undefined
    for (const other of namedIncidents(request.body))
      if (!(await queries.isOfTeams('incident', other, limitedTo)))
        return notFound(reply, 'incident', other)
    return undefined
  })
}
