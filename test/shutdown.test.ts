// SIGTERM: the program stops taking work, finishes what it acknowledged, and exits with 0.
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { incidentsOf, startFaultline } from './support/faultline.ts'
import { eventually, removeDirectory, scratchDirectory } from './support/processes.ts'

const directory = scratchDirectory('shutdown')
const data = join(directory, 'data')
const ALERTS = 300

afterAll(() => removeDirectory(directory))

const event = (index: number) => ({
  name: `Check${index}`,
  severity: 'warning',
  labels: { host: `host-${index}` },
})

describe('a graceful shutdown', () => {
  test('exits with 0, and what was acknowledged is there after the next start', async () => {
    const first = await startFaultline({ data })
    const events = Array.from({ length: ALERTS }, (_, index) => event(index))
    expect((await first.post('/api/v1/events', events)).status).toBe(200)
    expect(await first.stop('SIGTERM')).toBe(0)

    const second = await startFaultline({ data })
    try {
      const found = await eventually('every alert is in an incident', 30_000, async () => {
        const items = await incidentsOf(second)
        const alerts = items.reduce((sum, { alertCount }) => sum + alertCount, 0)
        return items.length === 200 || alerts === ALERTS ? alerts : undefined
      })
      expect(found).toBeGreaterThanOrEqual(200)
      const page = await second.get<{ items: unknown[]; nextCursor?: string }>(
        '/api/v1/alerts?limit=200',
      )
      const rest = await second.get<{ items: unknown[] }>(
        `/api/v1/alerts?limit=200&cursor=${page.nextCursor}`,
      )
      expect(page.items.length + rest.items.length).toBe(ALERTS)
    } finally {
      expect(await second.stop('SIGTERM')).toBe(0)
    }
  }, 120_000)

  test('a second process on the same data directory is refused with a reason', async () => {
    const first = await startFaultline({ data })
    try {
      await expect(startFaultline({ data })).rejects.toThrow(/in use|lock/i)
    } finally {
      await first.stop()
    }
  }, 120_000)
})
