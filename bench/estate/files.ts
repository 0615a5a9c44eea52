// An estate as the files of the backtest: lines of text, ready to be written.
import { isoTime } from '../../domain/time.ts'
import type { Estate } from './estate.ts'

export interface EstateFiles {
  readonly 'deliveries.jsonl': string
  readonly 'topology.json': string
  readonly 'changes.jsonl': string
  readonly 'truth.csv': string
  readonly 'truth-incidents.jsonl': string
}

const lines = (items: readonly unknown[]): string =>
  items.map((item) => `${JSON.stringify(item)}\n`).join('')

const flag = (value: boolean): string => (value ? '1' : '0')

export const estateFiles = (estate: Estate): EstateFiles => {
  const truth = ['line,index,incident,noise,first']
  for (const [i, delivery] of estate.deliveries.entries())
    for (const [index, alert] of delivery.truth.entries())
      truth.push(`${i + 1},${index},${alert.incident},${flag(alert.noise)},${flag(alert.first)}`)
  return {
    'deliveries.jsonl': lines(
      estate.deliveries.map(({ receivedAt, source, payload }) => ({
        receivedAt: isoTime(receivedAt),
        source,
        payload,
      })),
    ),
    'topology.json': JSON.stringify(estate.topology),
    'changes.jsonl': lines(
      estate.changes.map((change) => ({
        ...change,
        startedAt: isoTime(change.startedAt),
        ...(change.endedAt !== undefined && { endedAt: isoTime(change.endedAt) }),
      })),
    ),
    'truth.csv': `${truth.join('\n')}\n`,
    'truth-incidents.jsonl': lines(
      estate.incidents.map((one) => ({
        incident: one.incident,
        fault: one.fault,
        root: one.root,
        start: isoTime(one.startsAt),
        end: isoTime(one.endsAt),
        pattern: one.pattern ?? null,
        change: one.change ?? null,
        cis: [...new Set(one.conditions.map((condition) => condition.ci))],
      })),
    ),
  }
}
