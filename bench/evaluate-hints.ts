// Root-cause hints against known causes, with baselines: tsx bench/evaluate-hints.ts --help
import { parseArgs } from 'node:util'
import { MINUTE_MS } from '../domain/time.ts'
import { PROFILES, type ProfileName } from './estate/profiles.ts'
import {
  type EstateRecording,
  groupsOf,
  placesInOrder,
  recordedEstate,
  simulatedEstate,
} from './evaluate-hints-estate.ts'
import { placesLeaveOneOut, readHotel } from './evaluate-hints-hotel.ts'
import {
  BASELINES,
  faultline,
  type LabelledIncident,
  type Ranker,
  recallLine,
  recallOf,
  scoreRandom,
} from './evaluate-hints-score.ts'

const USAGE = `tsx bench/evaluate-hints.ts [options]
  --hotel DIR        the hotel cases (label.csv, metrics.json.gz, …)
  --estate DIR       a recorded estate with its truth; may be given several times
  --seeds a,b,c      simulated estates of every profile by these seeds
  --profile NAME     only this profile; may be given several times
  --after MINUTES    rank so long after the incident opened (default 1440)
`

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    hotel: { type: 'string' },
    estate: { type: 'string', multiple: true, default: [] },
    seeds: { type: 'string', default: '' },
    profile: { type: 'string', multiple: true, default: [...PROFILES] },
    after: { type: 'string', default: '1440' },
  },
})

const print = (text: string): boolean => process.stdout.write(`${text}\n`)

const table = (
  title: string,
  incidents: readonly LabelledIncident[],
  placesOf: (rank: Ranker) => number[],
): void => {
  print(`\n${title}`)
  print(recallLine('random', scoreRandom(incidents)))
  for (const [name, rank] of Object.entries(BASELINES))
    print(recallLine(name, recallOf(placesOf(rank))))
  print(recallLine('faultline', recallOf(placesOf(faultline))))
}

const estateTable = (title: string, estates: readonly EstateRecording[]): void => {
  const afterMs = Number(values.after) * MINUTE_MS
  const all = estates.map((estate) => groupsOf(estate, afterMs))
  const labelled = all.flat().filter((group) => group.labelled)
  table(
    title,
    labelled.map(({ incident }) => incident),
    (rank) => all.flatMap((groups) => placesInOrder(groups, rank)),
  )
}

if (values.help) print(USAGE)
if (values.hotel !== undefined) {
  const cases = readHotel(values.hotel)
  table('hotel, each case by what the others teach', cases, (rank) =>
    placesLeaveOneOut(cases, rank),
  )
}
for (const folder of values.estate) estateTable(folder, [recordedEstate(folder)])
const seeds = values.seeds.split(',').filter((seed) => seed !== '')
for (const profile of values.profile as ProfileName[])
  if (seeds.length > 0)
    estateTable(
      `simulated: ${profile}`,
      seeds.map((seed) => simulatedEstate(seed, profile)),
    )
