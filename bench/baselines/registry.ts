// Every baseline that stands beside Faultline in the evaluation.
import { alec } from './alec.ts'
import type { Baseline } from './baseline.ts'
import { fixedWindow } from './fixed-window.ts'
import { groupBy } from './group-by.ts'
import { sessionGap } from './session-gap.ts'

export const BASELINES: readonly Baseline[] = [
  fixedWindow(5),
  sessionGap(15),
  groupBy('alertname'),
  groupBy('alertname', 'service'),
  groupBy('namespace'),
  groupBy('host'),
  alec,
]
