// kill -9 of a process under load: what it had acknowledged is there, the rest is whole or absent.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendOf, createLogFolder, entryTexts, type LogFolder, readAll } from './testing/bench.ts'

const WRITER = fileURLToPath(new URL('testing/writer.ts', import.meta.url))
const ROUNDS = 5
const TIMEOUT_MS = 180_000

let folder: LogFolder
beforeEach(async () => {
  folder = await createLogFolder()
})
afterEach(() => folder.remove())

/** Lets a writer run until it has acknowledged so many appends, then kills it. */
const writeAndKill = async (from: number, acknowledgedMin: number) => {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, folder.directory, `${from}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
    if (output.split('\n').length > acknowledgedMin) child.kill('SIGKILL')
  })
  await once(child, 'close')
  expect(child.signalCode).toBe('SIGKILL')
  return output
    .slice(0, output.lastIndexOf('\n'))
    .split('\n')
    .map((line) => line.split(' ').map(Number) as [number, number])
}

test(`kill -9 under load loses no acknowledged record, ${ROUNDS} times`, {
  timeout: TIMEOUT_MS,
}, async () => {
  const acknowledged = new Map<number, number>()
  let from = 0
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, offset] of await writeAndKill(from, 100 + round * 173))
      acknowledged.set(i, offset)
    from = (round + 1) * 1_000_000

    const log = await folder.open()
    expect(log.losses()).toEqual([])
    const records = await readAll(log)
    const texts = new Map(records.map((record) => [record.offset, entryTexts([record])[0]!]))
    for (const [i, offset] of acknowledged)
      expect(appendOf(i).map((_, j) => texts.get(offset + j))).toEqual(appendOf(i))
    const kept = new Set(texts.values())
    for (const text of kept)
      for (const sibling of appendOf(Number(text.split('.')[0]))) expect(kept).toContain(sibling)
    await log.close()
  }
  expect(acknowledged.size).toBeGreaterThan(2_000)
})
