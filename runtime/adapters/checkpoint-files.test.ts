// Checkpoint files keep the CheckpointStore contract, and survive what files can suffer.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openFileCheckpoints } from './checkpoint-files.ts'
import { describeCheckpoints } from './checkpoints.contract.ts'

const makeDirectory = () => mkdtemp(join(tmpdir(), 'faultline-checkpoints-'))
const checkpointFiles = async (directory: string): Promise<string[]> =>
  (await readdir(directory)).filter((name) => name.endsWith('.checkpoint')).sort()

const flipBit = async (path: string, bit: number): Promise<void> => {
  const bytes = await readFile(path)
  bytes[bit >> 3]! ^= 1 << (bit & 7)
  await writeFile(path, bytes)
}

describeCheckpoints('checkpoint files', async () => {
  const directory = await makeDirectory()
  return {
    open: () => openFileCheckpoints({ directory }),
    damageNewest: async () => {
      const newest = (await checkpointFiles(directory)).at(-1)!
      await flipBit(join(directory, newest), 200)
    },
    count: async () => (await checkpointFiles(directory)).length,
    dispose: () => rm(directory, { recursive: true }),
  }
})

describe('a damaged checkpoint file', () => {
  let directory: string
  beforeEach(async () => {
    directory = await makeDirectory()
  })
  afterEach(() => rm(directory, { recursive: true }))

  const saveTwo = async () => {
    const damaged: string[] = []
    const store = await openFileCheckpoints({ directory, onDamage: (path) => damaged.push(path) })
    const epoch = await store.acquire('stage')
    for (const position of [1, 2])
      await store.save('stage', epoch, { position, savedAt: 5, state: [Buffer.from('some state')] })
    const newest = join(directory, (await checkpointFiles(directory)).at(-1)!)
    return { store, epoch, damaged, newest }
  }

  test('is found out by any one flipped bit, and told', async () => {
    const { store, damaged, newest } = await saveTwo()
    const bits = (await readFile(newest)).length * 8
    for (let bit = 0; bit < bits; bit++) {
      await flipBit(newest, bit)
      expect((await store.load('stage'))?.position, `bit ${bit}`).toBe(1)
      await flipBit(newest, bit)
    }
    expect(damaged).toHaveLength(bits)
    expect((await store.load('stage'))?.position).toBe(2)
  })

  test('is found out wherever it was cut', async () => {
    const { store, newest } = await saveTwo()
    const whole = await readFile(newest)
    for (let length = 0; length < whole.length; length++) {
      await writeFile(newest, whole.subarray(0, length))
      expect((await store.load('stage'))?.position, `${length} bytes`).toBe(1)
    }
  })

  test('a draft that a crash left behind is never loaded', async () => {
    const { store, epoch, newest } = await saveTwo()
    const draft = newest.replace(/\d+\.checkpoint$/, '0000000000000009.checkpoint.draft')
    await writeFile(draft, await readFile(newest))
    expect((await store.load('stage'))?.position).toBe(2)
    await store.save('stage', epoch, { position: 3, savedAt: 5, state: [Buffer.from('x')] })
    expect((await store.load('stage'))?.position).toBe(3)
  })
})

const SAVER = fileURLToPath(new URL('checkpoint-files.fixture.ts', import.meta.url))
const ROUNDS = 5
const TIMEOUT_MS = 120_000

test(`kill -9 while saving leaves the last saved checkpoint, ${ROUNDS} times`, {
  timeout: TIMEOUT_MS,
}, async () => {
  const directory = await makeDirectory()
  for (let round = 0; round < ROUNDS; round++) {
    const child = spawn(process.execPath, ['--import', 'tsx', SAVER, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
      if (output.split('\n').length > 10 + round * 7) child.kill('SIGKILL')
    })
    await once(child, 'close')
    expect(child.signalCode).toBe('SIGKILL')
    const said = Number(output.trim().split('\n').at(-1))
    const damaged: string[] = []
    const store = await openFileCheckpoints({ directory, onDamage: (path) => damaged.push(path) })
    const loaded = await store.load('stage')
    expect(loaded!.position).toBeGreaterThanOrEqual(said)
    expect(Buffer.from(loaded!.state).equals(Buffer.alloc(300_000, `${loaded!.position} `))).toBe(
      true,
    )
    expect(damaged).toEqual([])
  }
  await rm(directory, { recursive: true })
})
