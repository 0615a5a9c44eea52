// The embedded log keeps the Log contract.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSystemClock } from '../../clock.ts'
import { describeLog } from '../log.contract.ts'
import { openEmbeddedLog } from './embedded-log.ts'

describeLog('the embedded log', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'faultline-log-'))
  const clock = createSystemClock()
  return {
    sharesGroups: false,
    open: () => openEmbeddedLog({ directory, clock, partitions: 2 }),
    dispose: () => rm(directory, { recursive: true }),
  }
})
