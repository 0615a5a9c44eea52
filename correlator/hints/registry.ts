// Every hint that has a say, one line each.
import { changeHint } from './change.ts'
import { chatterHint } from './chatter.ts'
import { complaintHint } from './complaint.ts'
import { coverageHint } from './coverage.ts'
import { elsewhereHint } from './elsewhere.ts'
import { headlessHint } from './headless.ts'
import { historyHint } from './history.ts'
import { onsetHint } from './onset.ts'
import { rarityHint } from './rarity.ts'
import { roleHint } from './role.ts'
import { severityHint } from './severity.ts'
import type { RootCauseHint } from './types.ts'
import { upstreamHint } from './upstream.ts'

export const HINTS: readonly RootCauseHint[] = [
  coverageHint,
  complaintHint,
  onsetHint,
  rarityHint,
  roleHint,
  severityHint,
  changeHint,
  historyHint,
  chatterHint,
  elsewhereHint,
  headlessHint,
  upstreamHint,
]
