// Service level clocks of incidents: begun, paused, stopped and set anew as the ticket moves.
import { and, eq, lt } from 'drizzle-orm'
import type { Millis } from '../../domain/time.ts'
import type { IncidentState } from '../lifecycles/incident.ts'
import { type IncidentRow, type SlaClockRow, slaClocks } from '../store/schema.ts'
import type { Work } from '../work.ts'
import { read, start, stop } from './clock.ts'
import { SLA_KINDS, type SlaKind } from './policies.ts'

const clockId = (ticketId: string, kind: SlaKind): string => `${ticketId}/${kind}`

export const clockIds = (ticketId: string): string[] =>
  SLA_KINDS.map((kind) => clockId(ticketId, kind))

const WORKED: ReadonlySet<IncidentState> = new Set([
  'new',
  'acknowledged',
  'in-progress',
  'reopened',
])

/** A hold pauses both clocks; being taken up ends the first for good. */
const RUNS: { readonly [K in SlaKind]: (row: IncidentRow) => boolean } = {
  response: ({ status, acknowledgedAt }) => WORKED.has(status) && acknowledgedAt === null,
  resolution: ({ status }) => WORKED.has(status),
}

/** Whether a CI is touched by the incident or suffers from one that is. */
const sufferersOf = async (work: Work, row: IncidentRow): Promise<(ci: string) => boolean> => {
  const graph = await work.graph()
  const reached = new Set(
    row.correlation.cis
      .slice(0, work.settings.impactCisMax)
      .flatMap((ci) => graph.dependants(ci).map(({ id }) => id)),
  )
  return (ci) => reached.has(ci)
}

const keepClock = async (
  work: Work,
  kind: SlaKind,
  row: IncidentRow,
  suffers: (ci: string) => boolean,
  at: Millis,
): Promise<SlaClockRow | undefined> => {
  const id = clockId(row.id, kind)
  const known = await work.clocks.get(id)
  const chosen = work.sla.choose(kind, row.priority, suffers)
  if (chosen === undefined && known === undefined) return undefined
  const runs = known?.runs ?? start([], row.openedAt)
  const running = chosen !== undefined && RUNS[kind](row)
  const kept = running ? start(runs, at) : stop(runs, at)
  const policy = chosen?.policy.name ?? known?.policy ?? ''
  const calendar = chosen?.policy.calendar ?? known?.calendar ?? ''
  const targetMs = chosen?.targetMs ?? known?.targetMs ?? 0
  const share = chosen?.policy.warnAtShare ?? 1
  const reading = read(work.sla.calendar(calendar), kept, targetMs, share, at)
  const clock: SlaClockRow = {
    id,
    ticketId: row.id,
    kind,
    policy,
    calendar,
    targetMs,
    runs: kept,
    running,
    elapsedMs: reading.elapsedMs,
    dueAt: reading.dueAt ?? null,
    warnAt: reading.warnAt ?? null,
    // With more time than before, the warning is due again.
    warned: (known?.warned ?? false) && (reading.warnAt ?? Number.POSITIVE_INFINITY) <= at,
    // While the clock runs, a tick tells of the breach, so that it is told exactly once.
    breached: reading.breached && (!running || (known?.breached ?? false)),
  }
  work.clocks.put(clock)
  return clock
}

/** What the ticket itself shows of its clocks. */
export interface SlaStanding {
  readonly dueAt: Millis | null
  readonly breached: boolean
}

/** Brings the clocks in line with the ticket as it is now. */
export const keepClocks = async (
  work: Work,
  row: IncidentRow,
  at: Millis,
): Promise<SlaStanding & { readonly clocks: readonly SlaClockRow[] }> => {
  const suffers = await sufferersOf(work, row)
  const clocks: SlaClockRow[] = []
  for (const kind of SLA_KINDS) {
    const clock = await keepClock(work, kind, row, suffers, at)
    if (clock !== undefined) clocks.push(clock)
  }
  const due = clocks.flatMap(({ running, dueAt }) => (running && dueAt !== null ? [dueAt] : []))
  return {
    clocks,
    dueAt: due.length === 0 ? null : Math.min(...due),
    breached: clocks.some(({ breached }) => breached),
  }
}

/** Whether nothing more can be done to keep or miss the target. */
const DECIDED: { readonly [K in SlaKind]: (row: IncidentRow) => boolean } = {
  response: (row) => row.acknowledgedAt !== null || DECIDED.resolution(row),
  resolution: ({ status }) => !WORKED.has(status) && status !== 'on-hold',
}

const standingOf = (row: IncidentRow, kind: SlaKind, breached: boolean): string => {
  if (breached) return 'breached'
  return DECIDED[kind](row) ? 'met' : 'running'
}

/** For the `tickets` topic: what a KPI needs of each clock. */
export const clockFields = (
  row: IncidentRow,
  clocks: readonly SlaClockRow[],
): Record<string, string | number | boolean | null> =>
  Object.fromEntries(
    clocks.flatMap(({ kind, targetMs, elapsedMs, breached }) => [
      [`${kind}TargetMs`, targetMs],
      [`${kind}ElapsedMs`, elapsedMs],
      [`${kind}Sla`, standingOf(row, kind, breached)],
    ]),
  )

/** The rest is found with the next tick. */
const DUE_PER_TICK_MAX = 500

/** Clocks past their warning or their target that nobody has been told of. */
export const dueClocks = async (
  work: Work,
  at: Millis,
): Promise<{ warn: SlaClockRow[]; breach: SlaClockRow[] }> => {
  const warn = await work.sql
    .select()
    .from(slaClocks)
    .where(and(eq(slaClocks.running, true), eq(slaClocks.warned, false), lt(slaClocks.warnAt, at)))
    .orderBy(slaClocks.warnAt, slaClocks.id)
    .limit(DUE_PER_TICK_MAX)
  const breach = await work.sql
    .select()
    .from(slaClocks)
    .where(and(eq(slaClocks.running, true), eq(slaClocks.breached, false), lt(slaClocks.dueAt, at)))
    .orderBy(slaClocks.dueAt, slaClocks.id)
    .limit(DUE_PER_TICK_MAX)
  return { warn, breach }
}
