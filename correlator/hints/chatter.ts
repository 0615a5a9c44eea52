// Alert types that nearly always come alone: chatter that fell into an incident did not cause it.
import type { Cell, RootCauseHint, Scene } from './types.ts'

const ODDS_PER_NAT = 1.1
const ODDS_MIN = -3
/** Seen this often in all before it is held against anybody. */
const SEEN_MIN = 5

export const chatterHint: RootCauseHint = {
  name: 'chatter',
  speak: ({ ci, alerting }, scene) => {
    if (!alerting || scene.alerting.length < 2) return undefined
    const [least] = alerting.cells
      .map((cell) => ({ cell, ...companyOf(cell, scene) }))
      .sort((a, b) => b.nats - a.nats)
    if (!least || least.nats >= 0 || least.seen < SEEN_MIN) return undefined
    return {
      weight: Math.max(ODDS_MIN, ODDS_PER_NAT * least.nats),
      text: `${least.cell.name}, as on ${scene.name(ci)}, came alone ${Math.round(least.alone)} of ${Math.round(least.seen)} times`,
    }
  },
}

/** Negative where its alert type is alone more often than not. */
const companyOf = (
  { name }: Cell,
  { input }: Scene,
): { nats: number; seen: number; alone: number } => {
  const { seen, alone } = input.knowledge.company(name, input.now)
  return { seen, alone, nats: Math.log((seen - alone + 1) / (alone + 1)) }
}
