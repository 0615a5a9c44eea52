// A process that saves checkpoints until it is killed, and says on stdout which were saved.
import { openFileCheckpoints } from './checkpoint-files.ts'

const STATE_BYTES = 300_000
const store = await openFileCheckpoints({ directory: process.argv[2]! })
const epoch = await store.acquire('stage')
const from = (await store.load('stage'))?.position ?? 0
for (let position = from + 1; ; position++) {
  const state = Buffer.alloc(STATE_BYTES, `${position} `)
  await store.save('stage', epoch, { position, savedAt: position, state: [state] })
  process.stdout.write(`${position}\n`) // synchronous on a pipe
}
