// The embedded log keeps the Log contract, and guards its directory.
import { expect, test } from 'vitest'
import { describeLog } from '../log.contract.ts'
import { createLogFolder } from './testing/bench.ts'

describeLog('the embedded log', { sharesGroups: false }, async () => {
  const folder = await createLogFolder()
  return {
    open: () => folder.open({ partitions: 2 }),
    dispose: folder.remove,
  }
})

test('the partition count is fixed with the directory, and remembered', async () => {
  const folder = await createLogFolder()
  await (await folder.open({ partitions: 3 })).close()
  await expect(folder.open({ partitions: 2 })).rejects.toThrow('has 3 partitions')
  const log = await folder.open()
  expect(await log.partitions('events')).toBe(3)
  await folder.remove()
})

test('a second log on the same directory is refused while the first is open', async () => {
  const folder = await createLogFolder()
  await folder.open()
  await expect(folder.open()).rejects.toThrow('already open')
  await folder.remove()
})

test('a group has one subscription at a time', async () => {
  const folder = await createLogFolder()
  const log = await folder.open()
  const subscription = {
    group: 'stage',
    topics: ['events' as const],
    assigned: async () => 0,
    revoked: async () => {},
    batch: async () => {},
    failed: () => {},
  }
  const running = await log.subscribe(subscription)
  await expect(log.subscribe(subscription)).rejects.toThrow('subscribed already')
  await running.stop()
  await (await log.subscribe(subscription)).stop()
  await folder.remove()
})
