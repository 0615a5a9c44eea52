// The desk's contract on PGlite, and that a directory keeps what was stored.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { deskContract } from '../../ticketing/desk.contract.ts'
import { createDesk } from '../../ticketing/desk.ts'
import { from, incidentOutput, outputs, START } from '../../ticketing/testing/records.ts'
import { openPgliteDesk } from './desk-pglite.ts'

describe('the desk on PGlite', () => {
  deskContract(() => openPgliteDesk({}), 25)

  test('a directory keeps tickets and positions over a restart', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'faultline-desk-'))
    try {
      const first = await openPgliteDesk({ directory })
      await createDesk({ database: first }).apply(
        { topic: 'incidents', partition: 2, next: 1 },
        from(0, outputs(START, incidentOutput())),
      )
      await first.close()
      const second = await openPgliteDesk({ directory })
      const desk = createDesk({ database: second })
      expect(await desk.position('incidents', 2)).toBe(1)
      expect((await desk.queries.findIncident('INC-1'))?.id).toBe('i1')
      await second.close()
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })
})
