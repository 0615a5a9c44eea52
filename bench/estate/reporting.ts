// When each tool speaks of an alert: delays, repeats, resends, resolves, and Alertmanager's groups.
import { DAY_MS, MINUTE_MS, type Millis, SECOND_MS } from '../../domain/time.ts'
import type { AlertTruth, Life, TimedDelivery, Tool } from './life.ts'
import {
  alertmanagerWebhook,
  cloudEvent,
  type Dialect,
  pagerdutyEvent,
  zabbixWebhook,
} from './payloads.ts'
import type { Random } from './random.ts'

interface Habit {
  readonly delayMeanMs: number
  /** Chance that a first report is held up, by up to `lateMaxMs`. */
  readonly late: number
  readonly repeatMs: number
  readonly jitterMs: number
}

const LATE_MAX_MS = 2 * MINUTE_MS
/** Chance that the network delivers the same body twice. */
const RESENT = 0.02
const REPEATS_MAX = 500

const HABITS: Readonly<Record<Tool, Habit>> = {
  alertmanager: { delayMeanMs: 7_000, late: 0.015, repeatMs: 4 * MINUTE_MS, jitterMs: 12_000 },
  pagerduty: { delayMeanMs: 3_500, late: 0.005, repeatMs: 5 * MINUTE_MS, jitterMs: 8_000 },
  cloudevents: { delayMeanMs: 200, late: 0, repeatMs: 5 * MINUTE_MS, jitterMs: 8_000 },
  zabbix: { delayMeanMs: 4_000, late: 0.005, repeatMs: 10 * MINUTE_MS, jitterMs: 8_000 },
}

interface Report {
  readonly at: Millis
  readonly resolved: boolean
  readonly first: boolean
}

const delayOf = (habit: Habit, random: Random): number =>
  Math.round(
    random.exponential(habit.delayMeanMs) +
      (random.chance(habit.late) ? random.between(0.2, 1) * LATE_MAX_MS : 0),
  )

/** The reports of one life, first to last; a report's time never precedes its condition. */
const reportsOf = (life: Life, random: Random): Report[] => {
  const habit = HABITS[life.tool]
  const firstAt = life.startsAt + delayOf(habit, random)
  const reports: Report[] = [{ at: firstAt, resolved: false, first: true }]
  const repeatMs = life.repeatMs ?? habit.repeatMs
  for (let n = 1; n <= REPEATS_MAX; n++) {
    const at = firstAt + n * repeatMs + Math.round(random.between(-1, 1) * habit.jitterMs)
    if (at >= life.endsAt) break
    reports.push({ at, resolved: false, first: false })
  }
  if (life.resolves) {
    const lastAt = reports[reports.length - 1]!.at
    const at = Math.max(life.endsAt + delayOf(habit, random), lastAt + SECOND_MS)
    reports.push({ at, resolved: true, first: false })
  }
  return reports
}

const truthOf = (life: Life, first: boolean): AlertTruth => ({ ...life.truth, first })

const bodyOf = (dialect: Dialect, life: Life, report: Report): unknown => {
  switch (life.tool) {
    case 'alertmanager':
      return alertmanagerWebhook(dialect, { alertname: life.type.name }, [
        { life, resolved: report.resolved },
      ])
    case 'zabbix':
      return zabbixWebhook(dialect, life, report.resolved)
    case 'pagerduty':
      return pagerdutyEvent(dialect, life, report.resolved)
    case 'cloudevents':
      return cloudEvent(dialect, life, report.resolved, report.at)
  }
}

const withResends = (delivery: TimedDelivery, random: Random): TimedDelivery[] => {
  if (!random.chance(RESENT)) return [delivery]
  const receivedAt = delivery.receivedAt + Math.round(random.between(200, 15_000))
  const truth = delivery.truth.map((alert) => ({ ...alert, first: false }))
  return [delivery, { ...delivery, receivedAt, truth }]
}

const deliverAlone = (dialect: Dialect, life: Life, random: Random): TimedDelivery[] =>
  reportsOf(life, random).flatMap((report) =>
    withResends(
      {
        receivedAt: report.at,
        source: life.tool,
        payload: bodyOf(dialect, life, report),
        truth: [truthOf(life, report.first)],
      },
      random,
    ),
  )

const GROUP_WAIT_MS = 10 * SECOND_MS
const GROUP_INTERVAL_MS = 30 * SECOND_MS

interface GroupMember {
  readonly life: Life
  readonly seenAt: Millis
  readonly goneAt: Millis
  announced: boolean
  closed: boolean
}

/** Alertmanager's own cadence: wait, then tell changes by interval, then repeat the whole group. */
const deliverGroup = (
  dialect: Dialect,
  groupLabels: Record<string, string>,
  lives: readonly Life[],
  random: Random,
): TimedDelivery[] => {
  const habit = HABITS.alertmanager
  const members: GroupMember[] = lives.map((life) => {
    const seenAt = life.startsAt + delayOf(habit, random)
    const goneAt = Math.max(life.endsAt + delayOf(habit, random), seenAt + SECOND_MS)
    return { life, seenAt, goneAt, announced: false, closed: false }
  })
  const moments = members.flatMap((m) => [m.seenAt, m.goneAt]).sort((a, b) => a - b)
  const deliveries: TimedDelivery[] = []
  let flushAt = moments[0]! + GROUP_WAIT_MS
  const until = moments[moments.length - 1]! + GROUP_INTERVAL_MS
  while (flushAt <= until) {
    const delivery = flushGroup(dialect, groupLabels, members, flushAt)
    if (delivery) deliveries.push(...withResends(delivery, random))
    const live = members.some((m) => m.announced && !m.closed)
    const flushed = flushAt
    const change = moments.find((moment) => moment > flushed)
    const changeAt =
      change === undefined
        ? until + 1
        : Math.max(change + (live ? 0 : GROUP_WAIT_MS), flushed + GROUP_INTERVAL_MS)
    flushAt = live ? Math.min(flushed + habit.repeatMs, changeAt) : changeAt
  }
  return deliveries
}

const flushGroup = (
  dialect: Dialect,
  groupLabels: Record<string, string>,
  members: readonly GroupMember[],
  at: Millis,
): TimedDelivery | undefined => {
  const items: { life: Life; resolved: boolean }[] = []
  const truth: AlertTruth[] = []
  for (const member of members) {
    if (member.closed || member.seenAt > at) continue
    const gone = member.goneAt <= at
    if (gone) member.closed = true
    // Alertmanager never announces an alert that came and went between two flushes, but the
    // truth needs each life told once, so such a life is told as firing first.
    if (gone && member.announced && !member.life.resolves) continue
    items.push({ life: member.life, resolved: gone && member.announced })
    truth.push(truthOf(member.life, !member.announced))
    member.announced = true
  }
  if (items.length === 0) return undefined
  return {
    receivedAt: at,
    source: 'alertmanager',
    payload: alertmanagerWebhook(dialect, groupLabels, items),
    truth,
  }
}

const groupLabelsOf = (dialect: Dialect, life: Life): Record<string, string> => {
  const labels: Record<string, string> = {}
  for (const name of dialect.groupBy)
    labels[name] = name === 'alertname' ? life.type.name : (life.product ?? '')
  return labels
}

/** A group that has been silent this long is a new one to us: keeps the simulation short. */
const GROUP_SPAN_MS = DAY_MS / 8

/** Every delivery of every life, in order of receipt. */
export const report = (
  lives: readonly Life[],
  dialect: Dialect,
  random: Random,
): TimedDelivery[] => {
  const deliveries: TimedDelivery[] = []
  const groups = new Map<string, Life[]>()
  for (const life of lives) {
    const grouped = life.tool === 'alertmanager' && dialect.groupBy.length > 0
    if (!grouped || life.repeatMs !== undefined) {
      for (const delivery of deliverAlone(dialect, life, random)) deliveries.push(delivery)
      continue
    }
    const span = Math.floor(life.startsAt / GROUP_SPAN_MS)
    const key = JSON.stringify([groupLabelsOf(dialect, life), span])
    const group = groups.get(key)
    if (group) group.push(life)
    else groups.set(key, [life])
  }
  for (const group of groups.values())
    for (const delivery of deliverGroup(dialect, groupLabelsOf(dialect, group[0]!), group, random))
      deliveries.push(delivery)
  return deliveries
    .map((delivery) => ({ ...delivery, receivedAt: dialect.clock(delivery.receivedAt) }))
    .sort((a, b) => a.receivedAt - b.receivedAt)
}
