// `faultline backtest`: recorded traffic in, assignments, incidents, problems and scores out.
import { createCorrelator } from '../../correlator/correlator.ts'
import { createNormaliser } from '../../ingest/normalise.ts'
import { defaultIngestSettings } from '../../ingest/settings.ts'
import { correlatorSettings } from '../config/correlator.ts'
import { loadConfig, overlaySettings } from '../config/load.ts'
import { type BadLine, parseChanges, parseDelivery, parseTopology } from './inputs.ts'
import {
  type FoundIncident,
  type LabelledScore,
  parseLabels,
  positionKey,
  scoreLabels,
} from './labels.ts'
import type { Ledger } from './ledger.ts'
import { readLines, readText } from './read-lines.ts'
import { createReplay, type Replay, type ReplayResult } from './replay.ts'
import { standingIncidents, writeJson, writeJsonLines, writeResults } from './results.ts'

/** What is replayed, and by which configuration. */
export interface Traffic {
  /** `deliveries.jsonl`, gzipped or not. */
  readonly deliveries: string
  readonly topology?: string
  readonly changes?: string
  /** A configuration file of `faultline serve`; its ingest and correlator settings count. */
  readonly config?: string
  /** `truth.csv`, gzipped or not. */
  readonly labels?: string
  /** Called now and then with the lines read so far. */
  progress?(lines: number): void
}

export interface BacktestOptions extends Traffic {
  /** Directory, made where it is missing; files of an earlier run are overwritten. */
  readonly out: string
}

export interface BacktestSummary {
  readonly deliveries: number
  /** Alerts accepted from all deliveries. */
  readonly events: number
  /** Events that told nothing new of an alert already known. */
  readonly occurrences: number
  readonly alerts: number
  readonly incidents: number
  readonly problems: number
  /** Events per incident; null without incidents. */
  readonly compression: number | null
  /** Lines that are no delivery; each is in rejects.jsonl. */
  readonly badLines: number
  /** Alerts that the normaliser refused; each is in rejects.jsonl. */
  readonly refused: number
  /** Acknowledgements, test messages. */
  readonly dropped: number
  readonly reordered: number
  readonly wallSeconds: number
  readonly eventsPerSecond: number
  readonly scores?: LabelledScore
}

/** A line, or one alert within it, that could not be taken. */
export interface Reject {
  readonly line: number
  readonly index?: number
  readonly reason: string
  readonly detail: string
}

const PROGRESS_EVERY_LINES = 20_000

/** As the roles of a live run make theirs. */
const openReplay = async (options: Traffic): Promise<Replay> => {
  const config = loadConfig(options.config)
  const topology =
    options.topology === undefined ? undefined : parseTopology(await readText(options.topology))
  const changes =
    options.changes === undefined ? undefined : parseChanges(await readText(options.changes))
  const settings = correlatorSettings(config)
  return createReplay({
    normalise: createNormaliser(overlaySettings('ingest', defaultIngestSettings, config.ingest)),
    correlate: (wants) => createCorrelator(settings, wants),
    tickMs: config.tickMs,
    ...(topology !== undefined && { topology }),
    ...(changes !== undefined && { changes }),
  })
}

const isBadLine = (parsed: ReturnType<typeof parseDelivery>): parsed is BadLine => 'fault' in parsed

interface Fed {
  readonly rejects: readonly Reject[]
  readonly badLines: number
}

const feed = async (options: Traffic, replay: Replay): Promise<Fed> => {
  const rejects: Reject[] = []
  let badLines = 0
  let line = 0
  for await (const lines of readLines(options.deliveries))
    for (const text of lines) {
      line += 1
      if (line % PROGRESS_EVERY_LINES === 0) options.progress?.(line)
      if (text?.trim() === '') continue
      const parsed = parseDelivery(text)
      if (isBadLine(parsed)) {
        badLines += 1
        rejects.push({ line, reason: parsed.fault, detail: parsed.detail })
        continue
      }
      for (const { index, reason, detail } of replay.deliver(line, parsed))
        rejects.push({ line, ...(index !== undefined && { index }), reason, detail })
    }
  return { rejects, badLines }
}

/** Looks a label's event up in what the ledger knows at the end. */
export const foundIncidents = (ledger: Ledger): FoundIncident => {
  const found = new Map<number, string>()
  for (const { line, index, incidentId } of ledger.assignments())
    found.set(positionKey(line, index), incidentId)
  return (line, index) => found.get(positionKey(line, index))
}

const summarise = (
  result: ReplayResult,
  { rejects, badLines }: Fed,
  wallSeconds: number,
): BacktestSummary => {
  const { ledger } = result
  const events = ledger.events()
  const incidents = standingIncidents(ledger).length
  return {
    deliveries: result.deliveries,
    events,
    occurrences: sumOccurrences(ledger),
    alerts: ledger.alertCount(),
    incidents,
    problems: ledger.problems.size,
    compression: incidents === 0 ? null : events / incidents,
    badLines,
    refused: rejects.length - badLines,
    dropped: result.dropped,
    reordered: result.reordered,
    wallSeconds,
    eventsPerSecond: wallSeconds > 0 ? events / wallSeconds : 0,
  }
}

const sumOccurrences = (ledger: Ledger): number => {
  let total = 0
  for (const alert of ledger.alerts.values()) total += alert.occurrences
  return total
}

/** A finished run, before anything is written. */
export interface BacktestRun {
  readonly summary: BacktestSummary
  readonly ledger: Ledger
  readonly rejects: readonly Reject[]
}

/** @throws InputError, ConfigError or the file system's error; nothing is skipped silently */
export const replayTraffic = async (options: Traffic): Promise<BacktestRun> => {
  const labels =
    options.labels === undefined ? undefined : parseLabels(await readText(options.labels))
  const replay = await openReplay(options)
  const startedAt = performance.now()
  const fed = await feed(options, replay)
  const result = replay.finish()
  const wallSeconds = (performance.now() - startedAt) / 1000
  const scores = labels && scoreLabels(labels, foundIncidents(result.ledger))
  const summary: BacktestSummary = {
    ...summarise(result, fed, wallSeconds),
    ...(scores && { scores }),
  }
  return { summary, ledger: result.ledger, rejects: fed.rejects }
}

/**
 * Runs the production normaliser and correlator over recorded traffic and writes the result.
 * @throws as `replayTraffic` does
 */
export const runBacktest = async (options: BacktestOptions): Promise<BacktestSummary> => {
  const { summary, ledger, rejects } = await replayTraffic(options)
  writeResults(options.out, ledger)
  writeJsonLines(options.out, 'rejects.jsonl', rejects)
  writeJson(options.out, 'summary.json', summary)
  return summary
}
