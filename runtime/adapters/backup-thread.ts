// Takes a backup in a thread of its own, once for each call.
import { once } from 'node:events'
import type { BackupReply, BackupRequest } from '../workers/backup.ts'
import { startThread } from './thread.ts'

/**
 * @param signal ends the thread; what it has begun is swept by a later backup
 * @throws Error when the backup fails or the thread ends
 */
export const backUpInThread = async (
  request: BackupRequest,
  signal: AbortSignal,
): Promise<BackupReply> => {
  const worker = startThread('backup', request)
  const given = new AbortController()
  worker.once('exit', () => given.abort())
  try {
    const [reply] = await once(worker, 'message', {
      signal: AbortSignal.any([signal, given.signal]),
    })
    return reply as BackupReply
  } catch (error) {
    throw given.signal.aborted ? new Error('the thread of the backup has ended') : error
  } finally {
    await worker.terminate()
  }
}
