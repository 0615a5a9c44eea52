// The directory of pings: from memory where it can, from the store for what is new, never by guessing.
import { describe, expect, test } from 'vitest'
import { DirectoryUnavailableError, type HeartbeatAddress } from '../../domain/ports/heartbeats.ts'
import type { CommandRecord } from '../../domain/records.ts'
import { createMemoryLog } from '../../domain/testing/memory-log.ts'
import { type AddressSource, createHeartbeatDirectory, sayListening } from './heartbeats.ts'

const address = (number: number, over: Partial<HeartbeatAddress> = {}): HeartbeatAddress => ({
  id: `hb-${number}`,
  scope: 'default',
  slug: `job-${number}`,
  name: `Job ${number}`,
  uuid: `uuid-${number}`,
  isKnown: true,
  ...over,
})

const open = () => {
  const rows: { change: number; id: string; address?: HeartbeatAddress }[] = []
  const asked: object[] = []
  const clock = { at: 0, now: () => clock.at }
  const log = createMemoryLog()
  let away = false
  const source: AddressSource = {
    heartbeatAddresses: async (since, limit) => {
      if (away) throw new Error('away')
      return rows.filter(({ change }) => change > since).slice(0, limit)
    },
    findHeartbeatAddress: async (by) => {
      asked.push(by)
      if (away) throw new Error('away')
      const live = rows.map((row) => row.address).filter((row) => row !== undefined)
      return 'uuid' in by
        ? live.find(({ uuid }) => uuid === by.uuid)
        : live.find(({ slug, isKnown }) => slug === by.slug && isKnown)
    },
  }
  return {
    rows,
    asked,
    clock,
    log,
    directory: createHeartbeatDirectory({ log, clock }),
    source,
    setAway: (to: boolean) => {
      away = to
    },
  }
}

describe('the directory', () => {
  test('cannot say before anybody has connected it', async () => {
    const { directory } = open()
    await expect(directory.byUuid('uuid-1')).rejects.toThrow(DirectoryUnavailableError)
  })

  test('answers from memory, and asks the store only for what it does not know', async () => {
    const { directory, source, rows, asked } = open()
    rows.push({ change: 1, id: 'hb-1', address: address(1) })
    directory.connect(source)
    await directory.refresh()
    expect(await directory.byUuid('uuid-1')).toEqual(address(1))
    expect(await directory.bySlug('job-1')).toEqual(address(1))
    expect(await directory.byName('Job 1')).toEqual(address(1))
    expect(asked).toEqual([])
    rows.push({ change: 2, id: 'hb-2', address: address(2) })
    expect(await directory.byUuid('uuid-2')).toEqual(address(2))
    expect(asked).toEqual([{ uuid: 'uuid-2' }])
  })

  test('follows changes: renamed, moved to another slug, gone', async () => {
    const { directory, source, rows } = open()
    rows.push({ change: 1, id: 'hb-1', address: address(1) })
    directory.connect(source)
    await directory.refresh()
    rows[0] = { change: 2, id: 'hb-1', address: address(1, { slug: 'other' }) }
    await directory.refresh()
    expect(await directory.bySlug('job-1')).toBeUndefined()
    expect(await directory.bySlug('other')).toMatchObject({ id: 'hb-1' })
    expect([...directory.scopes()]).toEqual(['default'])
    rows[0] = { change: 3, id: 'hb-1' }
    await directory.refresh()
    expect(await directory.byUuid('uuid-1')).toBeUndefined()
    expect([...directory.scopes()]).toEqual([])
  })

  test('reads more changes than fit into one look', async () => {
    const { directory, source, rows } = open()
    for (let i = 1; i <= 2_500; i++) rows.push({ change: i, id: `hb-${i}`, address: address(i) })
    directory.connect(source)
    await directory.refresh()
    expect(await directory.byUuid('uuid-2500')).toMatchObject({ id: 'hb-2500' })
  })

  test('guessing costs the store little: beyond the allowance the answer is no', async () => {
    const { directory, source, asked, clock } = open()
    directory.connect(source)
    for (let i = 0; i < 200; i++) expect(await directory.byUuid(`guess-${i}`)).toBeUndefined()
    expect(asked.length).toBe(50)
    clock.at += 1_000
    await directory.byUuid('guess')
    expect(asked.length).toBe(51)
  })

  test('while the store is away the known are known, and the rest cannot be said', async () => {
    const { directory, source, rows, setAway } = open()
    rows.push({ change: 1, id: 'hb-1', address: address(1) })
    directory.connect(source)
    await directory.refresh()
    setAway(true)
    expect(await directory.byUuid('uuid-1')).toEqual(address(1))
    await expect(directory.byUuid('uuid-2')).rejects.toThrow(DirectoryUnavailableError)
  })

  test('makes one heartbeat of many first pings, and only one of them made it', async () => {
    const { directory, source, rows, log } = open()
    directory.connect(source)
    const asking = Array.from({ length: 5 }, () => directory.provision('web-1'))
    const find = source.findHeartbeatAddress
    // The desk takes the command, and the correlator knows the heartbeat.
    source.findHeartbeatAddress = async (by) => {
      if (log.records('commands').length > 0 && rows.length === 0)
        rows.push({ change: 1, id: 'hb-1', address: address(1, { slug: 'web-1' }) })
      return find(by)
    }
    const answers = await Promise.all(asking)
    expect(answers.map(({ created }) => created)).toEqual([true, false, false, false, false])
    const commands = log.records('commands') as CommandRecord[]
    expect(commands).toMatchObject([{ action: 'heartbeat.ensure', body: { slug: 'web-1' } }])
    expect((await directory.provision('web-1')).created).toBe(false)
    expect(log.records('commands').length).toBe(1)
  })
})

test('an edge says in every partition that it has begun, before anything else', async () => {
  const log = createMemoryLog(3)
  await sayListening({ log, clock: { now: () => 7 } })
  expect(log.records('events')).toEqual(
    Array.from({ length: 3 }, () => ({ kind: 'tick', at: 7, edge: 'began' })),
  )
})
