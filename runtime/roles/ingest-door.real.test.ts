// Where the roles run apart: keys made at the desk let deliveries in elsewhere, whose news come back.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { POSTGRES_PROGRAMS, startPostgres, type TestPostgres } from '../../test/support/postgres.ts'
import { eventually } from '../../test/support/processes.ts'
import { describeWith } from '../../test/support/real.ts'
import { createDesk } from '../../ticketing/desk.ts'
import { aCommand, from, START } from '../../ticketing/testing/records.ts'
import { openPostgresDesk } from '../adapters/desk-postgres.ts'
import { loadConfig } from '../config/load.ts'
import { sha256Hex } from '../http/identity.ts'
import { createLogger } from '../observe/logger.ts'
import { createIngestDoor, keepDoor } from './ingest-door.ts'
import type { RoleContext } from './role.ts'

const WITHIN_MS = 20_000

describeWith('PostgreSQL between the desk and an edge of its own', POSTGRES_PROGRAMS, () => {
  let server: TestPostgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.stop())

  test('keys go one way and deliveries the other, within seconds', async () => {
    const url = await server.createDatabase()
    const database = await openPostgresDesk({ url })
    const desk = createDesk({ database })
    let offset = 0
    const apply = (action: string, target: string, body: Record<string, unknown>) => {
      const command = aCommand({ id: `c${offset}`, action, target, body })
      const place = { topic: 'commands', partition: 0, next: offset + 1 } as const
      return desk.apply(place, from(offset++, command))
    }
    const door = createIngestDoor({ tokens: [] }, { now: () => START })
    const config = loadConfig(undefined, { postgres: { url } })
    const context = { config, roles: ['ingest'], logger: createLogger('error') }
    const leave = await keepDoor(context as unknown as RoleContext, door)
    let asked = 0
    // From ever new addresses: asking too often from one would lock it out.
    const admitted = (): boolean =>
      door.admission.admit('secret', String(asked++), START).kind === 'admitted'
    try {
      expect(admitted()).toBe(false)
      await apply('integration.create', 'integrations', { name: 'a', sha256: sha256Hex('secret') })
      await eventually('the key at the edge', WITHIN_MS, () => admitted() || undefined)

      const report = { at: START, source: 's', status: 422, bytes: 1, accepted: 0, refused: 1 }
      door.rings.note('int-x', report)
      const [seen] = await eventually('the delivery at the desk', WITHIN_MS, async () => {
        const found = await desk.queries.listDeliveries('int-x', false, 10)
        return found.length > 0 ? found : undefined
      })
      expect(seen).toMatchObject({ integration: 'int-x', status: 422 })

      const [{ id } = { id: '' }] = await desk.queries.listIntegrations(START)
      await apply('integration.delete', id, {})
      await eventually('the key gone', WITHIN_MS, () => !admitted() || undefined)
    } finally {
      await leave()
      await database.close()
    }
  })
})
