// `npm run evaluate`: Faultline beside every baseline, on estates of its own and on given data.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type FoundIncident, scoreLabels } from '../runtime/backtest/labels.ts'
import { BASELINES } from './baselines/registry.ts'
import { PROFILES, type ProfileName } from './estate/profiles.ts'
import { isAit, scoreAit } from './evaluation/ait.ts'
import { scoreCauses } from './evaluation/causes.ts'
import { hintFiguresOfEstate, hintFiguresOfHotel } from './evaluation/hint-figures.ts'
import { eventsOf, runBaseline, runFaultline } from './evaluation/run.ts'
import { type Figure, markdownTable, spreadOf } from './evaluation/table.ts'
import { labelledFolders, ownTraffic, type Traffic, trafficOfFolder } from './evaluation/traffic.ts'
import { holed, overlapped } from './evaluation/variants.ts'

const USAGE = `usage: evaluate [options]
  --seeds N|A,B,…    how many seeds, or which (default 5)
  --profile NAME     one of ${PROFILES.join(', ')} (default all)
  --data DIR         labelled recordings as well; every folder below it that holds some
  --variants         of data with known roots also: with holes, with incidents over each other
  --no-estates       only the data
  --no-baselines     only Faultline
  --json FILE        every figure as JSON
`

const LEGEND =
  'B³: B-cubed F1 over all alerts. ARI: adjusted Rand index over the alerts that faults caused. ' +
  'step, chain: macro best-match F1 over the attacks of the AIT data set. Mean (lowest–highest).'

const OURS = 'Faultline'
/** In the table; the pairwise F1 is in the JSON as well. */
const GROUPING = ['B³', 'ARI'] as const
const ROOTS = [
  ['root @1', 'root @3'],
  ['root @5', 'root MRR'],
] as const
const CAUSES = ['change @3', 'promoted by the third', 'promoted at all', 'problems pure']
const AIT = ['step', 'chain']

const groupingFigures = (traffic: Traffic, method: string, found: FoundIncident): Figure[] => {
  const figure = (measure: string, value: number): Figure => ({
    traffic: traffic.name,
    method,
    measure,
    value,
  })
  if (isAit(traffic.labels)) {
    const { step, chain } = scoreAit(traffic.labels, found)
    return [figure('step', step), figure('chain', chain)]
  }
  const score = scoreLabels(traffic.labels, found)
  return [
    figure('B³', score.alerts.bCubed.f1),
    figure('ARI', score.faultAlerts.ari),
    figure('pair F1', score.faultAlerts.pairwise.f1),
  ]
}

const causeFigures = (traffic: Traffic, run: ReturnType<typeof runFaultline>): Figure[] => {
  if (traffic.causes.length === 0) return []
  const score = scoreCauses(traffic.causes, traffic.labels, run.found, run.ledger)
  const values: [string, number][] = [
    ['root @1', score.rootAt1],
    ['root @3', score.rootAt3],
    ['root @5', score.rootAt5],
    ['root MRR', score.rootMrr],
    ['change @3', score.changeAt3],
    ['promoted by the third', score.promotedByThird],
    ['promoted at all', score.promoted],
    ['problems pure', score.pure],
  ]
  return values.map(([measure, value]) => ({
    traffic: traffic.name,
    method: OURS,
    measure,
    value,
  }))
}

const evaluate = (traffic: Traffic, withBaselines: boolean): Figure[] => {
  const run = runFaultline(traffic)
  const figures = [...groupingFigures(traffic, OURS, run.found), ...causeFigures(traffic, run)]
  const events = withBaselines ? eventsOf(traffic) : []
  for (const baseline of withBaselines ? BASELINES : [])
    figures.push(...groupingFigures(traffic, baseline.name, runBaseline(baseline, events, traffic)))
  process.stderr.write(
    `${traffic.name}: ${traffic.labels.length} events in ${Math.round(run.wallMs)} ms\n`,
  )
  return figures
}

const seedsOf = (text: string): string[] =>
  /^\d+$/.test(text)
    ? Array.from({ length: Number(text) }, (_, i) => String(i + 1))
    : text.split(',')

/** `ordinary/3` counts under ordinary; the three AIT scenarios under AIT; data under its name. */
const groupOf =
  (ait: ReadonlySet<string>) =>
  (traffic: string): string =>
    ait.has(traffic) ? 'AIT' : traffic.split('/')[0]!

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      seeds: { type: 'string', default: '5' },
      profile: { type: 'string' },
      data: { type: 'string' },
      variants: { type: 'boolean', default: false },
      estates: { type: 'boolean', default: true },
      baselines: { type: 'boolean', default: true },
      json: { type: 'string' },
    },
  })
  const profiles = values.profile === undefined ? PROFILES : [values.profile as ProfileName]
  if (profiles.some((profile) => !PROFILES.includes(profile))) throw new TypeError(USAGE)
  const figures: Figure[] = []
  const ait = new Set<string>()
  /** A run that breaks costs its own figures, says so, and fails the command at the end. */
  const take = (traffic: Traffic): void => {
    if (isAit(traffic.labels)) ait.add(traffic.name)
    try {
      figures.push(...evaluate(traffic, values.baselines))
    } catch (error) {
      process.stderr.write(`${traffic.name} broke: ${String(error)}\n`)
      process.exitCode = 1
    }
  }
  if (values.estates)
    for (const profile of profiles)
      for (const seed of seedsOf(values.seeds)) {
        const traffic = ownTraffic(seed, profile)
        take(traffic)
        if (values.baselines) figures.push(...hintFiguresOfEstate(traffic))
      }
  if (values.data !== undefined)
    for (const folder of labelledFolders(values.data)) {
      const traffic = await trafficOfFolder(folder)
      take(traffic)
      if (values.baselines && traffic.causes.length > 0)
        figures.push(...hintFiguresOfEstate(traffic))
      if (values.variants && traffic.causes.length > 0)
        for (const seed of seedsOf(values.seeds)) {
          take(holed(traffic, seed))
          take(overlapped(traffic, seed))
        }
    }
  if (values.data !== undefined && values.baselines && existsSync(join(values.data, 'hotel')))
    figures.push(...hintFiguresOfHotel(join(values.data, 'hotel')))

  const group = groupOf(ait)
  const ours = figures.filter((figure) => figure.method === OURS)
  process.stdout.write(
    `${LEGEND}\n\n${markdownTable(figures, group, [...GROUPING, ...AIT])}\n\n` +
      ROOTS.map((measures) => `${markdownTable(figures, group, measures)}\n\n`).join('') +
      `${markdownTable(transposed(ours, group), (name) => name, CAUSES)}\n`,
  )
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ figures, spread: spreads(figures, group) })}\n`)
}

/** Hints and problems: groups of traffic down, measures across. */
const transposed = (figures: readonly Figure[], group: (traffic: string) => string): Figure[] =>
  figures
    .filter((figure) => CAUSES.includes(figure.measure))
    .map((figure) => ({ ...figure, method: group(figure.traffic), traffic: '' }))

const spreads = (figures: readonly Figure[], group: (traffic: string) => string) => {
  const keys = new Map<string, number[]>()
  for (const { traffic, method, measure, value } of figures) {
    const key = JSON.stringify([group(traffic), method, measure])
    keys.set(key, [...(keys.get(key) ?? []), value])
  }
  return [...keys].map(([key, list]) => {
    const [traffic, method, measure] = JSON.parse(key)
    return { traffic, method, measure, ...spreadOf(list) }
  })
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof TypeError ? 2 : 1
})
