// Fits the join's weights to labelled estates: npx tsx bench/fit.ts --seeds 301,302 --out FILE
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { defaultCorrelatorSettings } from '../correlator/settings.ts'
import { PROFILES, type ProfileName } from './estate/profiles.ts'
import { labelledFolders, ownTraffic, trafficOfFolder } from './evaluation/traffic.ts'
import { type Decision, decisionsOf } from './fit/decisions.ts'
import { LEAVES, weightAt } from './fit/leaves.ts'
import { fitWeights } from './fit/logit.ts'

const { values: flags } = parseArgs({
  options: {
    seeds: { type: 'string', default: '301,302' },
    profiles: { type: 'string', default: PROFILES.join(',') },
    data: { type: 'string' },
    rounds: { type: 'string', default: '100' },
    pull: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
})

const decisions: Decision[] = []
for (const profile of flags.profiles.split(','))
  for (const seed of flags.seeds.split(','))
    decisions.push(...decisionsOf(ownTraffic(seed, profile as ProfileName)))
for (const folder of flags.data === undefined ? [] : labelledFolders(flags.data))
  decisions.push(...decisionsOf(await trafficOfFolder(folder)))

const { weights, joinBias } = defaultCorrelatorSettings
const from = Float64Array.from([...LEAVES.map((leaf) => weightAt(weights, leaf)), joinBias])
const options = { rounds: Number(flags.rounds), pull: Number(flags.pull) }
const { bias, weights: fitted, lossBefore, lossAfter } = fitWeights(decisions, from, options)

const rounded = (value: number): number => Math.round(value * 100) / 100
const rows = [
  ['joinBias', joinBias, bias] as const,
  ...LEAVES.map((leaf, i) => [leaf.join('.'), from[i]!, fitted[i]!] as const),
]
const table = [
  `# ${decisions.length} decisions, seeds ${flags.seeds} of ${flags.profiles}`,
  `# mean loss ${lossBefore.toFixed(4)} before, ${lossAfter.toFixed(4)} after`,
  'weight,in use,fitted',
  ...rows.map(([name, before, after]) => `${name},${rounded(before)},${rounded(after)}`),
].join('\n')
process.stdout.write(`${table}\n`)
if (flags.out !== undefined) writeFileSync(flags.out, `${table}\n`)
