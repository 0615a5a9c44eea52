// A backup is consistent while the pipeline writes, and what is restored equals what was.
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeRecord } from '../../domain/records.ts'
import { eventually, removeDirectory, scratchDirectory } from '../../test/support/processes.ts'
import type { IncidentSummary } from '../../ticketing/api/schemas.ts'
import { createSystemClock } from '../clock.ts'
import { createLogger } from '../observe/logger.ts'
import { failures, type Installation, startInstallation, testConfig } from './backup.fixture.ts'
import { createBackup } from './create.ts'
import { drillBackup } from './drill.ts'
import { readPartition } from './log-files.ts'
import type { Manifest } from './manifest.ts'
import { findBackup, openNamed } from './places.ts'
import { restoreBackup } from './restore.ts'

const clock = createSystemClock()
const directory = scratchDirectory('backup')
const at = (name: string): string => join(directory, name)
const live = at('live')
const quiet = at('quiet-backup')

let installation: Installation
let before: IncidentSummary[]
let manifest: Manifest

const byId = (incidents: readonly IncidentSummary[]): IncidentSummary[] =>
  [...incidents].sort((a, b) => (a.id < b.id ? -1 : 1))

const backUp = async (data: string, out: string) => {
  const { target, name } = await openNamed(out)
  return createBackup({ data, to: target, name, clock })
}
const restore = async (from: string, data: string, until?: number) =>
  restoreBackup({ from: await openNamed(from), data, clock, ...(until && { until }) })
const drill = async (from: string, until?: number) =>
  drillBackup({
    from: await openNamed(from),
    config: testConfig(at('unused')),
    clock,
    logger: createLogger('error'),
    ...(until && { until }),
  })

const found = (wanted: number) =>
  eventually(`${wanted} incidents`, 30_000, async () => {
    const incidents = await installation.incidents()
    return incidents.length >= wanted ? incidents : undefined
  })

const act = (id: string, action: string, body: object = {}) =>
  installation.post(`/api/v1/incidents/${id}/${action}`, body)

/** Opened, acknowledged, resolved by a person and fired again, merged, noted. */
const makeHistory = async (): Promise<void> => {
  await installation.post('/api/v1/events', failures(0, 6))
  const [a, b, c, d, e] = await found(6)
  await act(a!.id, 'acknowledge')
  await act(b!.id, 'acknowledge')
  await act(b!.id, 'resolve', { resolution: 'restarted' })
  await act(c!.id, 'merge', { into: d!.id })
  await act(e!.id, 'notes', { text: 'seen' })
  await installation.settled()
  await act(b!.id, 'reopen', {})
  await installation.settled()
}

beforeAll(async () => {
  installation = await startInstallation(live)
  await makeHistory()
  before = byId(await installation.incidents())
  manifest = await backUp(live, quiet)
}, 120_000)

afterAll(async () => {
  await installation.stop()
  removeDirectory(directory)
})

/** Ids of all ticket records; one may stand there twice, since publishing is at least once. */
const ticketIds = async (data: string): Promise<string[]> => {
  const ids: string[] = []
  for await (const batch of readPartition(join(data, 'log'), 'tickets', 0))
    ids.push(...batch.map(({ value }) => decodeRecord('tickets', value).id))
  return ids
}

describe('a backup of a running installation', () => {
  test('restored elsewhere, has the same incidents in number, state and version', async () => {
    expect(new Set(before.map(({ status }) => status)).size).toBeGreaterThan(3)
    const data = at('restored')
    const { desk } = await restore(quiet, data)
    expect(desk.unpublished).toBe(0)
    const tickets = await ticketIds(data)
    const second = await startInstallation(data)
    await second.settled()
    expect(byId(await second.incidents())).toEqual(before)
    await second.stop()
    expect(await ticketIds(data)).toEqual(tickets)
  }, 60_000)

  test('that lacks effects of what it holds, publishes exactly those after a restore', async () => {
    const [data, lacking, again] = ['whole', 'lacking', 'again'].map(at) as [string, string, string]
    await restore(quiet, data)
    const whole = new Set(await ticketIds(data))
    const segment = join(data, 'log/tickets-0/00000000000000000000.log')
    truncateSync(segment, statSync(segment).size >> 1)
    await backUp(data, lacking)
    const { desk } = await restore(lacking, again)
    const kept = await ticketIds(again)
    expect(desk.unpublished).toBe(whole.size - new Set(kept).size)
    expect(desk.unpublished).toBeGreaterThan(0)
    const third = await startInstallation(again)
    const published = kept.length + desk.unpublished
    let looks = 0
    await eventually('the rest is published', 30_000, async () => {
      const { positions } = await backUp(again, at(`look-${looks++}`))
      return (
        positions.some(({ topic, end }) => topic === 'tickets' && end === published) || undefined
      )
    })
    await third.settled()
    expect(byId(await third.incidents())).toEqual(before)
    await third.stop()
    const all = await ticketIds(again)
    expect(all).toHaveLength(published)
    expect(new Set(all)).toEqual(whole)
  }, 60_000)

  test('taken at any moment of a flood with people at work, passes its drill', async () => {
    const flood = (async () => {
      for (let round = 1; round <= 12; round++) {
        await installation.post('/api/v1/events', failures(100 * round, 10))
        const open = (await installation.incidents()).filter(({ status }) => status === 'new')
        for (const { id } of open.slice(0, 3)) await act(id, 'acknowledge').catch(() => {})
      }
    })()
    const outs = ['flood-1', 'flood-2'].map(at)
    for (const out of outs) await backUp(live, out)
    await flood
    for (const out of outs) expect((await drill(out)).differences).toEqual([])
  }, 120_000)

  test('says how far it reaches, and leaves the lock with its owner', () => {
    const reach = new Map(manifest.positions.map(({ topic, end }) => [topic, end]))
    for (const topic of ['events', 'incidents', 'commands', 'tickets'] as const)
      expect(reach.get(topic), topic).toBeGreaterThan(0)
    const names = manifest.files.map(({ path }) => path)
    expect(names.filter((path) => path.includes('lock'))).toEqual([])
    expect(readdirSync(join(live, 'log')).filter((name) => name.startsWith('lock.'))).toHaveLength(
      1,
    )
  })
})

describe('a restore to a moment', () => {
  /** Between two of them the log has nothing: each is safely before what follows. */
  const moments: { at: number; incidents: IncidentSummary[] }[] = []
  const data = at('moments')
  const backups = at('moments-backups')

  beforeAll(async () => {
    const one = await startInstallation(data)
    for (let round = 0; round < 3; round++) {
      await one.post('/api/v1/events', failures(5_000 + 10 * round, 4))
      const incidents = await eventually('incidents', 30_000, async () => {
        const found = await one.incidents()
        return found.length === 4 * (round + 1) ? found : undefined
      })
      const fresh = incidents.find(({ status }) => status === 'new')!
      await one.post(`/api/v1/incidents/${fresh.id}/acknowledge`, {})
      await one.settled()
      moments.push({ at: clock.now(), incidents: byId(await one.incidents()) })
      await backUp(data, join(backups, `${round}`))
    }
    await one.stop()
  }, 120_000)

  test.each([0, 1])(
    '%d has the incidents of then, in number, state and version',
    async (index) => {
      const { at: until, incidents } = moments[index]!
      const target = at(`moment-${index}`)
      const { manifest: said } = await restore(join(backups, '2'), target, until)
      expect(said.takenAt).toBe(until)
      const then = await startInstallation(target)
      await then.settled()
      expect(byId(await then.incidents())).toEqual(incidents)
      await then.stop()
    },
    60_000,
  )

  test('passes its drill', async () => {
    const result = await drill(join(backups, '2'), moments[1]!.at)
    expect(result).toMatchObject({ differences: [], incidents: 8 })
  }, 60_000)

  test('takes the first of several backups that reaches it; without one, the newest', async () => {
    const name = async (until?: number) => (await findBackup(backups, { until })).name
    expect([await name(moments[0]!.at), await name(moments[1]!.at), await name()]).toEqual([
      '0',
      '1',
      '2',
    ])
    await expect(findBackup(backups, { until: clock.now() })).rejects.toThrow(
      /no backup .* reaches/,
    )
  })

  test('that the backup does not reach, or before all of it, is refused', async () => {
    const refused = (until: number) => restore(join(backups, '0'), at('refused'), until)
    await expect(refused(clock.now())).rejects.toThrow(/does not reach/)
    await expect(refused(1)).rejects.toThrow(/nothing .* was written by/)
    expect(readdirSync(at('refused'))).toEqual([])
  })
})

describe('a restore refuses, and changes nothing,', () => {
  const copyOfQuiet = (name: string): string => {
    cpSync(quiet, at(name), { recursive: true })
    return at(name)
  }

  test.each([
    ['a changed byte', (path: string) => writeFileSync(path, 'x'), /instead of|not what/],
    ['a short file', (path: string) => truncateSync(path, 1), /instead of/],
    ['a longer file', (path: string) => appendFileSync(path, 'x'), /instead of/],
  ])('%s', async (name, damage, said) => {
    const out = copyOfQuiet(name.replaceAll(' ', '-'))
    damage(join(out, 'log/log.json'))
    const data = at(`${name}-target`)
    await expect(restore(out, data)).rejects.toThrow(said)
    expect(readdirSync(data)).toEqual([])
  })

  test('a target that holds something', async () => {
    const data = at('occupied')
    mkdirSync(data)
    writeFileSync(join(data, 'mine'), '')
    await expect(restore(quiet, data)).rejects.toThrow(/not empty/)
    expect(readdirSync(data)).toEqual(['mine'])
  })

  test('a directory that is no backup', async () => {
    await expect(restore(live, at('from-live'))).rejects.toThrow(/no backup/)
  })
})

describe('a backup refuses', () => {
  test('a directory without a log', async () => {
    await expect(backUp(at('nothing'), at('of-nothing'))).rejects.toThrow(/holds no log/)
    expect(readdirSync(directory).filter((name) => name.includes('of-nothing'))).toEqual([])
  })

  test('to write over another', async () => {
    await expect(backUp(live, quiet)).rejects.toThrow(/not empty/)
  })
})
