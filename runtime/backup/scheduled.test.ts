// A served installation takes its scheduled backups by itself, and says how they went.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, removeDirectory, scratchDirectory } from '../../test/support/processes.ts'
import { loadConfig } from '../config/load.ts'
import { createLogger } from '../observe/logger.ts'
import { type Faultline, serve } from '../serve.ts'
import { MANIFEST, verifyBackup } from './manifest.ts'

const directory = scratchDirectory('scheduled')
const to = join(directory, 'backups')
const OLD = ['2026-01-01T000000Z', '2026-01-02T000000Z', '2026-01-03T000000Z']
let faultline: Faultline

const readiness = async (url: string) => {
  const answer = await fetch(`${url}/readyz`)
  const { parts } = (await answer.json()) as { parts: Record<string, { status: string }> }
  return { code: answer.status, backup: parts.backup?.status }
}

const start = (backup: object): Promise<Faultline> =>
  serve({
    config: loadConfig(undefined, {
      data: join(directory, 'data'),
      listen: { host: '127.0.0.1', port: 0 },
      backup,
    }),
    roles: ['ingest'],
    logger: createLogger('silent'),
    failed: (error) => {
      throw error
    },
  })

beforeAll(async () => {
  for (const name of OLD) {
    mkdirSync(join(to, name), { recursive: true })
    const takenAt = Date.parse(name.replace(/(\d\d)(\d\d)(\d\d)Z$/, '$1:$2:$3Z'))
    const manifest = {
      format: 1,
      takenAt,
      partitions: 1,
      positions: [],
      checkpoints: [],
      files: [],
    }
    writeFileSync(join(to, name, MANIFEST), JSON.stringify({ ...manifest, bytes: 0 }))
  }
  writeFileSync(join(to, 'mine.txt'), 'not a backup')
  faultline = await start({ to, keep: { last: 2, daily: 0, weekly: 0 } })
})
afterAll(async () => {
  await faultline.stop()
  removeDirectory(directory)
})

test('one that is due is taken while it serves, and what nothing keeps is removed', async () => {
  const name = await eventually('a backup', 25_000, () =>
    readdirSync(to).find((each) => each.startsWith('20') && !OLD.includes(each)),
  )
  expect((await verifyBackup(join(to, name))).positions.length).toBeGreaterThan(0)
  await eventually('retention', 5_000, () => readdirSync(to).length === 3 || undefined)
  expect(readdirSync(to).sort()).toEqual([OLD[2], name, 'mine.txt'])
  const metrics = await (await fetch(`${faultline.url}/metrics`)).text()
  expect(metrics).toMatch(/faultline_backups_total\{result="ok"\} 1/)
  expect(metrics).toMatch(/faultline_backup_newest_timestamp_seconds\{place="[^"]+"\} 17\d{8}/)
  expect(await readiness(faultline.url)).toEqual({ code: 200, backup: 'ok' })
})

test('one that fails is a warning: the process stays ready', async () => {
  await faultline.stop()
  faultline = await start({ to: join(to, 'mine.txt') })
  const found = await eventually('a warning', 25_000, async () => {
    const ready = await readiness(faultline.url)
    return ready.backup === 'warning' ? ready : undefined
  })
  expect(found.code).toBe(200)
})
