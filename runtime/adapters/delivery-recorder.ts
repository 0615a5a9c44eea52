// Records deliveries as they came, a JSON line each, so that anyone can backtest their own traffic.
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { isoTime } from '../../domain/time.ts'
import type { RecordedDelivery } from '../../ingest/delivery.ts'

export interface DeliveryRecorder {
  record(delivery: RecordedDelivery): void
  /** Deliveries left out because the disk did not keep up. */
  skipped(): number
  close(): Promise<void>
}

/** Bytes that may wait for the disk; a recording must never slow down or fail an ingest. */
const WAITING_BYTES_MAX = 64 * 1024 * 1024

/** Appends to `<directory>/deliveries.jsonl`. */
export const openDeliveryRecorder = async (
  directory: string,
  onError: (error: Error) => void,
): Promise<DeliveryRecorder> => {
  await mkdir(directory, { recursive: true })
  const stream = createWriteStream(join(directory, 'deliveries.jsonl'), { flags: 'a' })
  let skipped = 0
  let broken = false
  stream.on('error', (error) => {
    broken = true
    onError(error)
  })
  return {
    record: ({ receivedAt, source, payload }) => {
      if (broken || stream.writableLength > WAITING_BYTES_MAX) {
        skipped += 1
        return
      }
      stream.write(`${JSON.stringify({ receivedAt: isoTime(receivedAt), source, payload })}\n`)
    },
    skipped: () => skipped,
    close: async () => {
      if (broken) return
      stream.end()
      await finished(stream)
    },
  }
}
