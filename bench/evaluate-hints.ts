// Root-cause hints against known causes, beside baselines: tsx bench/evaluate-hints.ts --help
import { parseArgs } from 'node:util'
import { fitCalibration, type Judged } from '../correlator/hints/calibration.ts'
import { PROFILES, type ProfileName } from './estate/profiles.ts'
import { foundIncidentsOf, inOrder, placesInOrder, trueIncidents } from './evaluate-hints-estate.ts'
import { placesLeaveOneOut, readHotel } from './evaluate-hints-hotel.ts'
import {
  BASELINES,
  faultline,
  judgedOf,
  type KnownIncident,
  type Ranker,
  recallLine,
  recallOf,
  scoreRandom,
} from './evaluate-hints-score.ts'
import { ownTraffic, type Traffic, trafficOfFolder } from './evaluation/traffic.ts'

const USAGE = `tsx bench/evaluate-hints.ts [options]
  --hotel DIR        the hotel cases (label.csv, metrics.json.gz, …)
  --estate DIR       a labelled recording; may be given several times
  --seeds a,b,c      simulated estates of every profile by these seeds
  --profile NAME     only this profile; may be given several times
  --grouped          incidents as the correlator groups them, not as they truly are
  --calibrate        print the calibration table that these incidents give
`

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    hotel: { type: 'string' },
    estate: { type: 'string', multiple: true, default: [] },
    seeds: { type: 'string', default: '' },
    profile: { type: 'string', multiple: true, default: [...PROFILES] },
    grouped: { type: 'boolean', default: false },
    calibrate: { type: 'boolean', default: false },
  },
})

const print = (text: string): boolean => process.stdout.write(`${text}\n`)

const table = (
  title: string,
  incidents: readonly KnownIncident[],
  placesOf: (rank: Ranker) => number[],
): void => {
  print(`\n${title}`)
  print(recallLine('random', scoreRandom(incidents)))
  for (const [name, rank] of Object.entries(BASELINES))
    print(recallLine(name, recallOf(placesOf(rank))))
  print(recallLine('faultline', recallOf(placesOf(faultline))))
}

const judged: Judged[] = []

const estateTable = (title: string, traffics: readonly Traffic[]): void => {
  const all = traffics.map(values.grouped ? foundIncidentsOf : trueIncidents)
  table(title, all.flat(), (rank) => all.flatMap((incidents) => placesInOrder(incidents, rank)))
  if (!values.calibrate) return
  for (const incidents of all)
    inOrder(incidents, (incident, learning) => {
      if (incident.roots.length > 0) judged.push(...judgedOf(incident, learning))
    })
}

if (values.help) print(USAGE)
if (values.hotel !== undefined) {
  const cases = readHotel(values.hotel)
  table('hotel, each case by what the others teach', cases, (rank) =>
    placesLeaveOneOut(cases, rank),
  )
}
for (const folder of values.estate) estateTable(folder, [await trafficOfFolder(folder)])
const seeds = values.seeds.split(',').filter((seed) => seed !== '')
for (const profile of values.profile as ProfileName[])
  if (seeds.length > 0)
    estateTable(
      `simulated: ${profile}`,
      seeds.map((seed) => ownTraffic(seed, profile)),
    )
if (values.calibrate)
  for (const [belief, rate] of fitCalibration(judged))
    print(`  [${belief.toFixed(3)}, ${rate.toFixed(3)}],`)
