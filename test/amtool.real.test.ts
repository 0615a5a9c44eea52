// Alertmanager's own command line against the desk: silences made, found and expired by amtool.
import { execFile } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPgliteDesk } from '../runtime/adapters/desk-pglite.ts'
import type { DeskDatabase } from '../ticketing/store/database.ts'
import { type DeskApp, startDeskApp } from '../ticketing/testing/app.ts'
import { describeWith } from './support/real.ts'

const AMTOOL = '/usr/bin/amtool'

describeWith('amtool', AMTOOL, () => {
  let database: DeskDatabase
  let desk: DeskApp
  let url: string

  beforeAll(async () => {
    database = await openPgliteDesk({})
    desk = await startDeskApp(database)
    desk.setTime(Date.now())
    url = await desk.app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(async () => {
    await desk?.close()
    await database?.close()
  })

  const amtool = (...args: string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      execFile(AMTOOL, [`--alertmanager.url=${url}`, ...args], (error, stdout, stderr) =>
        error === null ? resolve(stdout.trim()) : reject(new Error(`${stdout}${stderr}`)),
      )
    })

  test('adds, queries, updates and expires', async () => {
    const added = await amtool(
      ...['silence', 'add', 'alertname=~Disk.*', 'env!=test', '-d', '1h', '-a', 'bob'],
      ...['-c', 'disk swap'],
    )
    expect(await amtool('silence', 'query', '-q')).toBe(added)
    expect(await amtool('silence', 'query')).toMatch(/alertname=~"Disk\.\*".*env!="test"/)
    expect(await amtool('silence', 'query', '-q', 'alertname=~Disk.+')).toBe(added)
    expect(await amtool('silence', 'query', '-q', 'alertname=Other')).toBe('')
    await amtool('silence', 'update', '-d', '2h', '-c', 'takes longer', added)
    const { items } = (await desk.app.inject('/api/v1/silences')).json()
    expect(items).toMatchObject([{ id: added, comment: 'takes longer', version: 2 }])
    await amtool('silence', 'expire', added)
    expect(await amtool('silence', 'query', '-q')).toBe('')
    expect(await amtool('silence', 'query', '-q', '--expired')).toBe(added)
  })

  test('is told why where a silence is refused', async () => {
    const all = amtool('silence', 'add', 'alertname=~.*', '-d', '1h', '-c', 'all', '-a', 'bob')
    await expect(all).rejects.toThrow(/must not match an alert without labels/)
  })
})
