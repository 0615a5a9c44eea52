// Root-cause hints on incidents grouped as the truth groups them, beside simpler ways to guess.
import { DAY_MS } from '../../domain/time.ts'
import { type EstateRecording, groupsOf, placesInOrder } from '../evaluate-hints-estate.ts'
import { placesLeaveOneOut, readHotel } from '../evaluate-hints-hotel.ts'
import {
  BASELINES,
  faultline,
  type LabelledIncident,
  type Ranker,
  type Recall,
  recallOf,
  scoreRandom,
} from '../evaluate-hints-score.ts'
import type { Figure } from './table.ts'

/** Every alert is in, however slowly the cascade went. */
const RANKED_AFTER_MS = DAY_MS

const figuresOf = (
  traffic: string,
  incidents: readonly LabelledIncident[],
  placesOf: (rank: Ranker) => number[],
): Figure[] => {
  const recalls: [string, Recall][] = [
    ['hints alone, incidents as they truly were', recallOf(placesOf(faultline))],
    ...Object.entries(BASELINES).map(
      ([name, rank]) => [name, recallOf(placesOf(rank))] as [string, Recall],
    ),
    ['random', scoreRandom(incidents)],
  ]
  return recalls.flatMap(([method, { at1, at3 }]) => [
    { traffic, method, measure: 'root @1', value: at1 },
    { traffic, method, measure: 'root @3', value: at3 },
  ])
}

export const hintFiguresOfEstate = (traffic: string, estate: EstateRecording): Figure[] => {
  const groups = groupsOf(estate, RANKED_AFTER_MS)
  const labelled = groups.filter((group) => group.labelled).map(({ incident }) => incident)
  return figuresOf(traffic, labelled, (rank) => placesInOrder(groups, rank))
}

/** Cases of the hotel-booking system, each ranked by what the others' alerts teach. */
export const hintFiguresOfHotel = (folder: string): Figure[] => {
  const cases = readHotel(folder)
  return figuresOf('hotel', cases, (rank) => placesLeaveOneOut(cases, rank))
}
