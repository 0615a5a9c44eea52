// Every correlation signal; a new one is its file and a line here.
import { coOccurrence } from './co-occurrence.ts'
import { corrections } from './corrections.ts'
import { explained } from './explained.ts'
import { flapping } from './flapping.ts'
import { rareLabels } from './rare-labels.ts'
import { role } from './role.ts'
import { severity } from './severity.ts'
import { sharedChange } from './shared-change.ts'
import type { Signal } from './signal.ts'
import { text } from './text.ts'
import { timeGap } from './time-gap.ts'
import { topology } from './topology.ts'
import { witnesses } from './witnesses.ts'

export const SIGNALS: readonly Signal[] = [
  timeGap,
  topology,
  witnesses,
  rareLabels,
  coOccurrence,
  role,
  severity,
  text,
  sharedChange,
  flapping,
  explained,
  corrections,
]
