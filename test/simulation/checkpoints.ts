// Durable checkpoints for simulated processes: fenced, and sometimes damaged.
import {
  type Checkpoint,
  type CheckpointStore,
  FencedError,
} from '../../domain/ports/checkpoints.ts'
import type { Life, World } from './world.ts'

const KEPT = 2
const DAMAGE_CHANCE = 0.1

export const createSimulatedCheckpoints = (world: World) => {
  const epochs = new Map<string, number>()
  const saved = new Map<string, Checkpoint[]>()
  const openFor = (life: Life): CheckpointStore => ({
    acquire: (name) =>
      world.step(life, 'takes ownership', () => {
        const epoch = (epochs.get(name) ?? 0) + 1
        epochs.set(name, epoch)
        return epoch
      }),
    save: (name, epoch, { state: pieces, ...draft }) =>
      world.step(
        life,
        'saves a checkpoint',
        () => {
          if (epoch !== epochs.get(name)) throw new FencedError('somebody else owns it now')
          // Only now: what was applied since the snapshot must not be in it.
          const state = Buffer.concat([...pieces])
          saved.set(name, [{ ...draft, state }, ...(saved.get(name) ?? [])].slice(0, KEPT))
          return state.length
        },
        { fault: () => new Error('the disk says so') },
      ),
    load: (name) =>
      world.step(life, 'loads a checkpoint', () => {
        const [newest, before] = saved.get(name) ?? []
        // A damaged one gives way to the one before, as in the adapters.
        return before !== undefined && world.random.chance(DAMAGE_CHANCE) ? before : newest
      }),
    close: async () => {},
  })
  return { openFor }
}
