// Which live alerts a silence or a window would mute, before it is made.
import { and, desc, eq } from 'drizzle-orm'
import { compileMatchers, type Matcher, matchableLabels } from '../../domain/matcher.ts'
import { createSubtrees } from '../../domain/topology.ts'
import { readTopology } from '../cis/topology.ts'
import { alertView } from '../incidents/views.ts'
import { alertsOf, type LimitedTo } from '../people/team-limits.ts'
import type { DeskSql } from '../store/database.ts'
import { alerts } from '../store/schema.ts'
import { compilePattern } from './matchers.ts'
import type { MutePreview } from './views.ts'

/** Firing alerts looked at, the last seen first. */
const LOOKED_MAX = 20_000
const SHOWN_MAX = 100

export const previewQueries = (database: DeskSql) => ({
  async previewMute(
    target: { readonly matchers: readonly Matcher[]; readonly cis: readonly string[] },
    limitedTo: LimitedTo,
  ): Promise<MutePreview> {
    const test = compileMatchers(target.matchers, compilePattern)
    const subtree =
      target.cis.length === 0 ? undefined : createSubtrees(await readTopology(database))(target.cis)
    const rows = await database
      .select({ body: alerts.body })
      .from(alerts)
      .where(and(eq(alerts.status, 'firing'), alertsOf(limitedTo)))
      .orderBy(desc(alerts.lastSeen), desc(alerts.id))
      .limit(LOOKED_MAX)
    const matching = rows.filter(
      ({ body }) =>
        (subtree === undefined || (body.ci !== undefined && subtree.has(body.ci.toLowerCase()))) &&
        test(matchableLabels(body)),
    )
    return {
      count: matching.length,
      looked: rows.length,
      items: matching.slice(0, SHOWN_MAX).map(({ body }) => alertView(body)),
    }
  },
})
