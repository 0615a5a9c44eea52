// What every CheckpointStore promises, as tests: files and PostgreSQL run the same ones.
import { afterEach, describe, expect, test } from 'vitest'
import {
  type Checkpoint,
  type CheckpointDraft,
  type CheckpointStore,
  FencedError,
} from '../../domain/ports/checkpoints.ts'

/** One store that can be closed and opened again on what it kept. */
export interface CheckpointBench {
  open(): Promise<CheckpointStore>
  /** Makes what was saved last for `name` unreadable, as a bad disk would. */
  damageNewest(name: string): Promise<void>
  /** How many checkpoints of `name` are stored. */
  count(name: string): Promise<number>
  dispose(): Promise<void>
}

const checkpoint = (position: number, state: string | Uint8Array = `state ${position}`) => ({
  position,
  savedAt: 1_700_000_000_000 + position,
  state: typeof state === 'string' ? new TextEncoder().encode(state) : state,
})

/** As a stage hands it over: in pieces, none of them whole. */
const draftOf = ({ state, ...rest }: Checkpoint): CheckpointDraft => ({
  ...rest,
  state: [state.subarray(0, state.length >> 2), state.subarray(state.length >> 2)],
})

const expectSame = (actual: Checkpoint | undefined, expected: Checkpoint): void => {
  expect(actual).toBeDefined()
  expect(actual!.position).toBe(expected.position)
  expect(actual!.savedAt).toBe(expected.savedAt)
  expect(Buffer.compare(actual!.state, expected.state)).toBe(0)
}

export const describeCheckpoints = (
  name: string,
  prepare: () => Promise<CheckpointBench>,
): void => {
  describe(name, () => {
    let bench: CheckpointBench | undefined
    const opened: CheckpointStore[] = []

    const openStore = async (): Promise<CheckpointStore> => {
      bench ??= await prepare()
      const store = await bench.open()
      opened.push(store)
      return store
    }

    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close()
      await bench?.dispose()
      bench = undefined
    })

    test('a name that was never saved has no checkpoint', async () => {
      const store = await openStore()
      expect(await store.load('nobody')).toBeUndefined()
      await store.acquire('nobody')
      expect(await store.load('nobody')).toBeUndefined()
    })

    test('the last checkpoint saved is the one loaded, also after a restart', async () => {
      const store = await openStore()
      const epoch = await store.acquire('correlator')
      for (const position of [1, 2, 3])
        await store.save('correlator', epoch, draftOf(checkpoint(position)))
      expectSame(await store.load('correlator'), checkpoint(3))
      expectSame(await (await openStore()).load('correlator'), checkpoint(3))
    })

    test('names do not touch each other, whatever letters they are made of', async () => {
      const store = await openStore()
      const names = ['events', 'events.1', 'events/1', 'events-1', '../events', 'größe', 'events.']
      for (const [i, each] of names.entries())
        await store.save(each, await store.acquire(each), draftOf(checkpoint(i)))
      for (const [i, each] of names.entries()) expectSame(await store.load(each), checkpoint(i))
    })

    test('an owner that was succeeded cannot save, and changes nothing by trying', async () => {
      const first = await openStore()
      const second = await openStore()
      const old = await first.acquire('correlator')
      await first.save('correlator', old, draftOf(checkpoint(1)))
      const current = await second.acquire('correlator')
      expect(current).toBeGreaterThan(old)
      await expect(first.save('correlator', old, draftOf(checkpoint(2)))).rejects.toThrow(
        FencedError,
      )
      expectSame(await second.load('correlator'), checkpoint(1))
      await second.save('correlator', current, draftOf(checkpoint(3)))
      await expect(first.save('correlator', old, draftOf(checkpoint(4)))).rejects.toThrow(
        FencedError,
      )
      expectSame(await first.load('correlator'), checkpoint(3))
    })

    test('nobody who never acquired a name can save under it', async () => {
      const store = await openStore()
      await expect(store.save('correlator', 1, draftOf(checkpoint(1)))).rejects.toThrow(FencedError)
    })

    test('two that acquire at once never get the same epoch', async () => {
      const stores = [await openStore(), await openStore()]
      const epochs = await Promise.all(
        Array.from({ length: 10 }, (_, i) => stores[i % 2]!.acquire('contested')),
      )
      expect(new Set(epochs).size).toBe(10)
    })

    test('a damaged newest checkpoint gives way to the one before it', async () => {
      const store = await openStore()
      const epoch = await store.acquire('correlator')
      await store.save('correlator', epoch, draftOf(checkpoint(1)))
      await store.save('correlator', epoch, draftOf(checkpoint(2)))
      await bench!.damageNewest('correlator')
      expectSame(await store.load('correlator'), checkpoint(1))
      await store.save('correlator', epoch, draftOf(checkpoint(3)))
      expectSame(await store.load('correlator'), checkpoint(3))
    })

    test('where all are damaged nothing is loaded', async () => {
      const store = await openStore()
      await store.save('correlator', await store.acquire('correlator'), draftOf(checkpoint(1)))
      await bench!.damageNewest('correlator')
      expect(await store.load('correlator')).toBeUndefined()
    })

    test('two checkpoints are kept and no more', async () => {
      const store = await openStore()
      const epoch = await store.acquire('correlator')
      for (let position = 1; position <= 5; position++)
        await store.save('correlator', epoch, draftOf(checkpoint(position)))
      expect(await bench!.count('correlator')).toBe(2)
    })

    test('a state is asked for piece by piece, and others have their turn between', async () => {
      const store = await openStore()
      const epoch = await store.acquire('correlator')
      let turns = 0
      const turnsBefore: number[] = []
      function* pieces(): Generator<Uint8Array> {
        for (const byte of [1, 2, 3]) {
          turnsBefore.push(turns)
          setImmediate(() => {
            turns += 1
          })
          yield Uint8Array.of(byte)
        }
      }
      await store.save('correlator', epoch, { position: 1, savedAt: 2, state: pieces() })
      expect(turnsBefore).toHaveLength(3)
      expect(turnsBefore.at(-1)).toBeGreaterThan(0)
      const loaded = await store.load('correlator')
      expect([...loaded!.state]).toEqual([1, 2, 3])
    })

    test('a large state comes back byte for byte, and an empty one too', async () => {
      const store = await openStore()
      const epoch = await store.acquire('large')
      const large = checkpoint(
        2 ** 40,
        Uint8Array.from({ length: 20_000_000 }, (_, i) => (i ^ (i >> 8)) % 256),
      )
      expect(await store.save('large', epoch, draftOf(large))).toBe(20_000_000)
      expectSame(await store.load('large'), large)
      const empty = checkpoint(7, new Uint8Array(0))
      await store.save('large', epoch, draftOf(empty))
      expectSame(await store.load('large'), empty)
    })
  })
}
