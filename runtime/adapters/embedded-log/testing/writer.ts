// A process that appends until it is killed, and says on stdout what was acknowledged.
import { createSystemClock } from '../../../clock.ts'
import { openEmbeddedLog } from '../embedded-log.ts'
import { appendOf, entry, TOPIC } from './bench.ts'

const [directory, from] = process.argv.slice(2)
const AT_ONCE = 32

const log = await openEmbeddedLog({
  directory: directory!,
  clock: createSystemClock(),
  segmentBytesMax: 256 * 1024,
})
let next = Number(from)

await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (;;) {
      const i = next++
      const offset = await log.append(TOPIC, 0, appendOf(i).map(entry))
      process.stdout.write(`${i} ${offset}\n`) // synchronous on a pipe
    }
  }),
)
