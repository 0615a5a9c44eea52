// What is refused first when more comes than the log takes: the least important, deliveries whole.
import type { AlertEvent } from '../domain/event.ts'
import { type Severity, severityRank } from '../domain/severity.ts'
import type { ScopeBatch } from './normalise.ts'

/** Shares of `waitingBytesMax`, 0 to 1: what has nothing more important is refused beyond them. */
export interface SheddingSettings {
  readonly infoAtShare: number
  readonly warningAtShare: number
  readonly errorAtShare: number
}

/** A resolution ends what people are looking at: it weighs as much as what is critical. */
const weightOf = ({ status, severity }: AlertEvent): Severity =>
  status === 'resolved' ? 'critical' : severity

const mostImportant = (batches: readonly ScopeBatch[]): Severity => {
  let most: Severity = 'info'
  for (const { batch } of batches)
    for (const event of batch.events) {
      const weight = weightOf(event)
      if (severityRank(weight) > severityRank(most)) most = weight
      if (most === 'critical') return most
    }
  return most
}

/**
 * @returns whether a delivery is to be refused while this share of the waiting room is taken: what
 *   is critical or resolved never is, short of a full room
 */
export const createShedding = ({ infoAtShare, warningAtShare, errorAtShare }: SheddingSettings) => {
  const shares: Readonly<Record<Severity, number>> = {
    info: infoAtShare,
    warning: warningAtShare,
    error: errorAtShare,
    critical: Number.POSITIVE_INFINITY,
  }
  const lowest = Math.min(infoAtShare, warningAtShare, errorAtShare)
  return (takenShare: number, batches: readonly ScopeBatch[]): boolean =>
    takenShare > lowest && takenShare > shares[mostImportant(batches)]
}
