// The same labelled traffic on another day: CIs missing from its topology, incidents moved over each other.
import { isoTime, MINUTE_MS, type Millis } from '../../domain/time.ts'
import type { Label } from '../../runtime/backtest/labels.ts'
import { withHoles } from '../estate/layout.ts'
import { createRandom } from '../estate/random.ts'
import type { Traffic } from './traffic.ts'

const HOLES = 0.4
const OVERLAP = 0.7
/** A moved incident begins at most this long before or after the one it is moved to. */
const WITHIN_MS = 2.5 * MINUTE_MS
const ISO_TIME = /^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d/

/** Two CIs in five, with their relations, missing from the topology. */
export const holed = (traffic: Traffic, seed: string): Traffic => ({
  ...traffic,
  name: `${traffic.name} holed/${seed}`,
  topology: withHoles(traffic.topology, HOLES, createRandom(`holes ${seed}`)),
})

/** Seven incidents in ten moved to within minutes of one of the others, their changes with them. */
export const overlapped = (traffic: Traffic, seed: string): Traffic => {
  const truth = truthByLine(traffic.labels)
  const shifts = shiftsOf(traffic, truth, seed)
  const shiftOf = (line: number): Millis => shifts.get(truth.get(line) ?? '') ?? 0
  const moved = traffic.deliveries
    .map((delivery) => {
      const by = shiftOf(delivery.line)
      const receivedAt = delivery.receivedAt + by
      return by === 0 ? delivery : { ...delivery, receivedAt, payload: later(delivery.payload, by) }
    })
    .sort((a, b) => a.receivedAt - b.receivedAt)
  const lineAt = new Map(moved.map(({ line }, i) => [line, i + 1]))
  const brought = new Map(traffic.causes.map(({ change, incident }) => [change, incident]))
  return {
    ...traffic,
    name: `${traffic.name} overlapped/${seed}`,
    deliveries: moved.map((delivery, i) => ({ ...delivery, line: i + 1 })),
    labels: traffic.labels.map((label) => ({ ...label, line: lineAt.get(label.line)! })),
    changes: traffic.changes
      .map((change) => {
        const by = shifts.get(brought.get(change.id) ?? '') ?? 0
        const { startedAt, endedAt } = change
        const ended = endedAt === undefined ? {} : { endedAt: endedAt + by }
        return { ...change, startedAt: startedAt + by, ...ended }
      })
      .sort((a, b) => a.startedAt - b.startedAt),
  }
}

/** The one incident that a delivery is about; deliveries about several stay where they are. */
const truthByLine = (labels: readonly Label[]): Map<number, string> => {
  const truth = new Map<number, string>()
  for (const { line, incident } of labels)
    truth.set(line, (truth.get(line) ?? incident) === incident ? incident : '')
  return truth
}

const shiftsOf = (
  { deliveries, causes }: Traffic,
  truth: ReadonlyMap<number, string>,
  seed: string,
): Map<string, Millis> => {
  const incidents = new Set(causes.map(({ incident }) => incident))
  const beganAt = new Map<string, Millis>()
  for (const { line, receivedAt } of deliveries) {
    const incident = truth.get(line) ?? ''
    if (incidents.has(incident) && !beganAt.has(incident)) beganAt.set(incident, receivedAt)
  }
  const random = createRandom(`overlap ${seed}`)
  const all = [...beganAt.keys()]
  const staying = random.sample(all, Math.max(1, Math.round(all.length * (1 - OVERLAP))))
  const shifts = new Map<string, Millis>()
  for (const incident of all) {
    if (staying.includes(incident)) continue
    const near = beganAt.get(random.pick(staying))!
    const within = Math.round(random.between(-WITHIN_MS, WITHIN_MS))
    shifts.set(incident, near + within - beganAt.get(incident)!)
  }
  return shifts
}

/** Every time in a body moved: ISO times, and Zabbix' date and time of day. */
const later = (value: unknown, by: Millis): unknown => {
  if (typeof value === 'string')
    return ISO_TIME.test(value) ? isoTime(Date.parse(value) + by) : value
  if (Array.isArray(value)) return value.map((each) => later(each, by))
  if (value === null || typeof value !== 'object') return value
  const moved = Object.fromEntries(Object.entries(value).map(([key, of]) => [key, later(of, by)]))
  const { event_date: date, event_time: time } = moved
  if (typeof date !== 'string' || typeof time !== 'string') return moved
  const stamp = isoTime(Date.parse(`${date.replaceAll('.', '-')}T${time}Z`) + by)
  return {
    ...moved,
    event_date: stamp.slice(0, 10).replaceAll('-', '.'),
    event_time: stamp.slice(11, 19),
  }
}
