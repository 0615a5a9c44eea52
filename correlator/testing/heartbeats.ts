// Heartbeats as text: lines of pings and decisions in, transitions out; between them an edge ticks.
import type { Alert } from '../../domain/alert.ts'
import type { HeartbeatDefinition, PingSignal } from '../../domain/heartbeat.ts'
import type { CorrelatorOutput, EventsRecord } from '../../domain/records.ts'
import { MINUTE_MS, type Millis, SECOND_MS } from '../../domain/time.ts'
import { type Correlator, createCorrelator } from '../correlator.ts'
import { type CorrelatorSettings, defaultCorrelatorSettings } from '../settings.ts'
import { at, recordsOf, START } from './scenario.ts'

export const EDGE_TICK_MS = 5 * SECOND_MS

export const aHeartbeat = (over: Partial<HeartbeatDefinition> = {}): HeartbeatDefinition => ({
  id: 'hb-1',
  name: 'backup',
  scope: 'default',
  schedule: { kind: 'period', periodMs: 10 * MINUTE_MS },
  graceMs: 5 * MINUTE_MS,
  severity: 'error',
  labels: { service: 'db' },
  manualResume: false,
  postOnly: false,
  ...over,
})

/** In these scenarios a decision's version is the time of it. */
export const defineRecord = (definition: HeartbeatDefinition, when = START): EventsRecord => ({
  kind: 'heartbeat',
  at: when,
  version: when,
  change: { action: 'define', definition },
})

export const pingRecord = (
  when: Millis,
  signal: PingSignal = 'success',
  over: object = {},
): EventsRecord => ({ kind: 'ping', heartbeatId: 'hb-1', at: when, signal, ...over })

const edgeTick = (when: Millis, edge: 'began' | 'alive'): EventsRecord => ({
  kind: 'tick',
  at: when,
  edge,
})

/** Those of an edge that listens from one time to the other. */
export const edgeTicks = (from: Millis, to: Millis, everyMs = EDGE_TICK_MS): EventsRecord[] =>
  Array.from({ length: Math.max(0, Math.floor((to - from) / everyMs)) }, (_, i) =>
    edgeTick(from + (i + 1) * everyMs, 'alive'),
  )

const lineRecords = (line: string): readonly EventsRecord[] => {
  const [clock, verb, ...words] = line.split(/\s+/)
  const when = at(clock!)
  const over = Object.fromEntries(words.map((word) => word.split('=') as [string, string]))
  const of = (id: string) => ({ ...over, ...(id === '' ? {} : { heartbeatId: id }) })
  switch (verb) {
    case 'until':
      return []
    case 'success':
    case 'start':
    case 'fail':
    case 'log':
      return [pingRecord(when, verb, of(''))]
    case 'pause':
    case 'resume':
    case 'delete':
      return [{ kind: 'heartbeat', at: when, version: when, change: { action: verb, id: 'hb-1' } }]
    case 'redefine':
      return [
        defineRecord(
          aHeartbeat({
            schedule: { kind: 'period', periodMs: Number(over.period) * MINUTE_MS },
            graceMs: Number(over.grace) * MINUTE_MS,
          }),
          when,
        ),
      ]
    default:
      return recordsOf(line)
  }
}

/**
 * A record a line: `10:00 success`, `12:00 start rid=…`, `20:00 pause`, `30:00 until`; `10:00 off`
 * and `30:00 on` are an edge that does not listen in between. Lines of alerts are taken, too.
 */
export const heartbeatRecords = (text: string, definition = aHeartbeat()): EventsRecord[] => {
  const records = [defineRecord(definition), edgeTick(START, 'began')]
  let from = START
  let isOn = true
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '') continue
    const when = at(line.split(/\s+/)[0]!)
    if (isOn) records.push(...edgeTicks(from, when))
    from = when
    if (/\soff$/.test(line)) isOn = false
    else if (/\son$/.test(line)) {
      isOn = true
      records.push(edgeTick(when, 'began'))
    } else records.push(...lineRecords(line))
  }
  return records
}

const clockOf = (when: Millis): string => {
  const seconds = Math.round((when - START) / SECOND_MS)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`
}

/** A line a transition: `15:00 late > down, missed`. */
export const transitionsOf = (outputs: readonly CorrelatorOutput[], id = 'hb-1'): string[] =>
  outputs.flatMap((output) =>
    output.kind === 'heartbeat' && output.heartbeat.id === id
      ? output.transitions.map(
          ({ at: when, from, to, reason }) => `${clockOf(when)} ${from} > ${to}, ${reason}`,
        )
      : [],
  )

export const run = (
  records: readonly EventsRecord[],
  settings: Partial<CorrelatorSettings> = {},
): { outputs: CorrelatorOutput[]; correlator: Correlator } => {
  const correlator = createCorrelator({ ...defaultCorrelatorSettings, ...settings })
  const outputs = records.flatMap((record, offset) => [...correlator.apply(record, offset)])
  return { outputs, correlator }
}

/** The newest state of each alert, by name. */
export const alertsOf = (outputs: readonly CorrelatorOutput[]): Map<string, Alert> => {
  const alerts = new Map<string, Alert>()
  for (const output of outputs)
    if (output.kind === 'alert') alerts.set(output.alert.name, output.alert)
  return alerts
}
