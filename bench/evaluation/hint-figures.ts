// Root-cause hints on incidents grouped as the truth groups them, beside simpler ways to guess.
import { placesInOrder, trueIncidents } from '../evaluate-hints-estate.ts'
import { placesLeaveOneOut, readHotel } from '../evaluate-hints-hotel.ts'
import {
  BASELINES,
  faultline,
  type KnownIncident,
  type Ranker,
  type Recall,
  recallOf,
  scoreRandom,
} from '../evaluate-hints-score.ts'
import type { Figure } from './table.ts'
import type { Traffic } from './traffic.ts'

const figuresOf = (
  traffic: string,
  incidents: readonly KnownIncident[],
  placesOf: (rank: Ranker) => number[],
): Figure[] => {
  const recalls: [string, Recall][] = [
    ['hints alone, incidents as they truly were', recallOf(placesOf(faultline))],
    ...Object.entries(BASELINES).map(
      ([name, rank]) => [name, recallOf(placesOf(rank))] as [string, Recall],
    ),
    ['random', scoreRandom(incidents)],
  ]
  return recalls.flatMap(([method, { at1, at3, at5, mrr }]) => [
    { traffic, method, measure: 'root @1', value: at1 },
    { traffic, method, measure: 'root @3', value: at3 },
    { traffic, method, measure: 'root @5', value: at5 },
    { traffic, method, measure: 'root MRR', value: mrr },
  ])
}

export const hintFiguresOfEstate = (traffic: Traffic): Figure[] => {
  const incidents = trueIncidents(traffic)
  return figuresOf(traffic.name, incidents, (rank) => placesInOrder(incidents, rank))
}

/** Cases of the hotel-booking system, each ranked by what the others' alerts teach. */
export const hintFiguresOfHotel = (folder: string): Figure[] => {
  const cases = readHotel(folder)
  return figuresOf('hotel', cases, (rank) => placesLeaveOneOut(cases, rank))
}
