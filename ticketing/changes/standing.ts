// What is wrong already on the CIs that a change touches and on what depends on them.
import { desc, inArray } from 'drizzle-orm'
import type { Graph } from '../cis/graph.ts'
import type { DeskSql } from '../store/database.ts'
import { incidents, problems } from '../store/schema.ts'

export interface TicketRef {
  readonly id: string
  readonly number: string
  readonly title: string
}

export interface Standing {
  readonly openIncidents: readonly TicketRef[]
  readonly openProblems: readonly TicketRef[]
}

const REFS_MAX = 20
const TICKETS_READ_MAX = 500

export const refOf = ({ id, number, title }: TicketRef): TicketRef => ({ id, number, title })

/** The CIs themselves and everything that needs them. */
export const reachOf = (graph: Graph, cis: readonly string[]): ReadonlySet<string> =>
  new Set(cis.flatMap((ci) => graph.dependants(ci).map(({ id }) => id)))

export const readStanding = async (
  database: DeskSql,
  reach: ReadonlySet<string>,
): Promise<Standing> => {
  const touches = (cis: readonly string[]): boolean => cis.some((ci) => reach.has(ci))
  const openIncidents = await database
    .select()
    .from(incidents)
    .where(inArray(incidents.status, ['new', 'acknowledged', 'in-progress', 'on-hold', 'reopened']))
    .orderBy(incidents.priority, incidents.id)
    .limit(TICKETS_READ_MAX)
  const openProblems = await database
    .select()
    .from(problems)
    .where(inArray(problems.status, ['candidate', 'investigating', 'known-error']))
    .orderBy(desc(problems.lastAt), problems.id)
    .limit(TICKETS_READ_MAX)
  return {
    openIncidents: openIncidents
      .filter(({ correlation }) => touches(correlation.cis))
      .slice(0, REFS_MAX)
      .map(refOf),
    openProblems: openProblems
      .filter(({ candidate }) => touches(candidate.cis))
      .slice(0, REFS_MAX)
      .map(refOf),
  }
}

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

/** One sentence for each kind of trouble; none where there is none. */
export const describeStanding = ({ openIncidents, openProblems }: Standing): string[] => [
  ...(openIncidents.length > 0
    ? [`${count(openIncidents.length, 'incident is', 'incidents are')} open on what it touches`]
    : []),
  ...(openProblems.length > 0
    ? [`${count(openProblems.length, 'problem is', 'problems are')} open on what it touches`]
    : []),
]
