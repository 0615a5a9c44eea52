// Backups are taken when they are due, by a clock that only moves when told.
import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import { backupSchema } from '../config/backup-schema.ts'
import { createLogger } from '../observe/logger.ts'
import { createMetrics } from '../observe/metrics.ts'
import type { BackupReply } from '../workers/backup.ts'
import { createBackupSchedule } from './schedule.ts'

const NIGHT = Date.parse('2026-11-20T03:15:00Z')

/** A place that a test fills and breaks, and a day that it lets pass. */
const world = (newestAt: number | undefined, settings: object = {}) => {
  let now = NIGHT - HOUR_MS
  let newest = newestAt
  let broken: string | undefined
  const taken: string[] = []
  const metrics = createMetrics()
  const schedule = createBackupSchedule({
    settings: backupSchema.parse(settings),
    clock: { now: () => now },
    logger: createLogger('silent'),
    metrics,
    take: async (name): Promise<BackupReply> => {
      if (broken !== undefined) throw new Error(broken)
      if (name !== undefined) {
        taken.push(name)
        newest = now
      }
      const bytes = name === undefined ? {} : { bytes: 7 }
      return { place: '/backups', removed: [], ...bytes, ...(newest && { newestAt: newest }) }
    },
  })
  /** A look a minute, as the process does it every few seconds. */
  const pass = async (ms: number): Promise<void> => {
    for (const until = now + ms; now < until; now += MINUTE_MS) await schedule.look()
    await schedule.look()
  }
  return {
    schedule,
    taken,
    pass,
    jump: (ms: number) => {
      now += ms
    },
    breakWith: (why: string | undefined) => {
      broken = why
    },
    count: async (result: string) => {
      const { values } = await metrics.backups.get()
      return values.find(({ labels }) => labels.result === result)?.value ?? 0
    },
    gauge: async (name: 'backupNewest' | 'backupOverdue') =>
      (await metrics[name].get()).values[0]?.value,
  }
}

describe('a backup is taken', () => {
  test('when it is due, once, and the day after again', async () => {
    const { taken, pass } = world(NIGHT - DAY_MS)
    await pass(59 * MINUTE_MS)
    expect(taken).toEqual([])
    await pass(2 * MINUTE_MS)
    expect(taken).toEqual(['2026-11-20T031500Z'])
    await pass(DAY_MS)
    expect(taken).toEqual(['2026-11-20T031500Z', '2026-11-21T031500Z'])
  })

  test('at the first start, where there is none yet', async () => {
    const { taken, pass } = world(undefined)
    await pass(2 * MINUTE_MS)
    expect(taken).toEqual(['2026-11-20T021500Z'])
  })

  test('at the next start, where one was due while nobody ran', async () => {
    const { taken, pass } = world(NIGHT - 2 * DAY_MS)
    await pass(2 * MINUTE_MS)
    expect(taken).toHaveLength(1)
  })

  test('at the hour of the time zone', async () => {
    const berlin = { timeZone: 'Europe/Berlin', schedule: '30 4 * * *' } // 03:30 UTC in winter
    const { taken, pass } = world(NIGHT - 20 * HOUR_MS, berlin)
    await pass(2 * HOUR_MS)
    expect(taken).toEqual(['2026-11-20T033000Z'])
  })

  test('once, though our clock jumps ahead and back by an hour', async () => {
    const { taken, pass, jump } = world(NIGHT - DAY_MS)
    await pass(30 * MINUTE_MS)
    jump(HOUR_MS)
    await pass(MINUTE_MS)
    jump(-HOUR_MS)
    await pass(2 * HOUR_MS)
    expect(taken).toHaveLength(1)
  })
})

describe('one that fails', () => {
  test('is tried again, said until it is mended, and never counts as taken', async () => {
    const { schedule, pass, breakWith, count, gauge, taken } = world(NIGHT - DAY_MS)
    await pass(0)
    await expect(schedule.check()).resolves.toBeUndefined()
    breakWith('the bucket is gone')
    await pass(HOUR_MS + 25 * MINUTE_MS)
    expect(await count('failed')).toBe(3) // at once, and after ten minutes each
    expect(await count('ok')).toBe(0)
    expect(await gauge('backupNewest')).toBe((NIGHT - DAY_MS) / 1_000)
    expect(await gauge('backupOverdue')).toBeGreaterThanOrEqual(25 * 60)
    await expect(schedule.check()).rejects.toThrow('the last backup failed: the bucket is gone')
    breakWith(undefined)
    await pass(10 * MINUTE_MS)
    expect(taken).toHaveLength(1)
    expect(await gauge('backupOverdue')).toBe(0)
    await expect(schedule.check()).resolves.toBeUndefined()
  })

  test('because the place cannot be looked at is overdue from the start of the process', async () => {
    const { pass, breakWith, gauge } = world(undefined)
    breakWith('no route')
    await pass(2 * HOUR_MS)
    expect(await gauge('backupOverdue')).toBe(2 * 60 * 60)
  })
})

test.each(['not cron', '0 0 30 2 *', '99 * * * *'])('the schedule %j is refused', (schedule) => {
  expect(backupSchema.safeParse({ schedule }).success).toBe(false)
})

test('one half of a key is refused', () => {
  expect(backupSchema.safeParse({ s3: { accessKeyId: 'x' } }).success).toBe(false)
})
