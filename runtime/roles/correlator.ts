// The correlator role: events in, incidents out, its state checkpointed with its log position.
import { createCorrelator, restoreCorrelator } from '../../correlator/correlator.ts'
import type { CorrelatorSettings } from '../../correlator/settings.ts'
import type { Checkpoint, CheckpointStore } from '../../domain/ports/checkpoints.ts'
import type { LogEntry } from '../../domain/ports/log.ts'
import {
  type CorrelatorOutput,
  type EventsRecord,
  encodeRecord,
  type IncidentsRecord,
} from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import { clusterInThread } from '../adapters/clustering-thread.ts'
import { correlatorSettings } from '../config/correlator.ts'
import { consume, type Decoded } from './consume.ts'
import { every, type Repetition } from './every.ts'
import type { Role, RoleContext } from './role.ts'

/** A message has to stay well under a broker's limit, whatever a batch brought forth. */
const OUTPUTS_PER_RECORD_MAX = 250
/** Characters of what jobs said with their pings; JSON may make six bytes of one. */
const TEXT_MAX = 100_000

const textOf = (output: CorrelatorOutput): number =>
  output.kind === 'heartbeat'
    ? output.pings.reduce((sum, { body }) => sum + (body?.length ?? 0), 0)
    : 0

type Correlator = ReturnType<typeof createCorrelator>

/** One partition as this process owns it. */
interface Owned {
  readonly correlator: Correlator
  readonly epoch: number
  position: number
  recordsSinceSave: number
  savedAt: Millis
  appliedAt: Millis
  /** A checkpoint being written, beside the stream. */
  saving: Promise<void> | undefined
}

const timeOf = (record: EventsRecord): Millis =>
  record.kind === 'events' ? record.receivedAt : record.at

const chunked = (outputs: readonly CorrelatorOutput[]): CorrelatorOutput[][] => {
  const chunks: CorrelatorOutput[][] = []
  let text = Number.POSITIVE_INFINITY
  for (const output of outputs) {
    const own = textOf(output)
    const chunk = chunks.at(-1)
    if (chunk !== undefined && chunk.length < OUTPUTS_PER_RECORD_MAX && text + own <= TEXT_MAX) {
      chunk.push(output)
      text += own
      continue
    }
    chunks.push([output])
    text = own
  }
  return chunks
}

/** Outputs as log entries that carry on their cause's trace. */
const entriesOf = (
  { record, offset, headers }: Decoded<EventsRecord>,
  outputs: readonly CorrelatorOutput[],
): LogEntry[] =>
  chunked(outputs).map((chunk) => {
    const incidents: IncidentsRecord = { at: timeOf(record), cause: offset, outputs: chunk }
    const value = encodeRecord('incidents', incidents)
    return headers.traceparent === undefined
      ? { value }
      : { value, headers: { traceparent: headers.traceparent } }
  })

const checkpointName = (partition: number): string => `correlator-${partition}`

interface Begun {
  readonly correlator: Correlator
  readonly position: number
}

/** What another version wrote may be unreadable here: the log still has what it was made from. */
const beginFrom = (
  checkpoint: Checkpoint | undefined,
  settings: CorrelatorSettings,
  logger: RoleContext['logger'],
): Begun => {
  const anew = (): Begun => ({ correlator: createCorrelator(settings), position: 0 })
  if (checkpoint === undefined) return anew()
  try {
    const correlator = restoreCorrelator(checkpoint.state, settings)
    return { correlator, position: checkpoint.position }
  } catch (error) {
    logger.error({ err: error }, 'a checkpoint cannot be read: beginning with the start of the log')
    return anew()
  }
}

const take = async (
  store: CheckpointStore,
  settings: CorrelatorSettings,
  partition: number,
  { clock, logger }: RoleContext,
): Promise<Owned> => {
  const epoch = await store.acquire(checkpointName(partition))
  const checkpoint = await store.load(checkpointName(partition))
  const now = clock.now()
  return {
    ...beginFrom(checkpoint, settings, logger),
    epoch,
    recordsSinceSave: 0,
    savedAt: now,
    appliedAt: now,
    saving: undefined,
  }
}

interface Saving {
  /** Holds the state as it is now, and writes it out while further records are applied. */
  begin(partition: number, state: Owned): void
  /** Writes what is not written yet. */
  finish(partition: number, state: Owned): Promise<void>
}

/** @param owned a checkpoint of a partition that was given away may fail: it is somebody else's */
const createSaving = (
  { clock, metrics, fail }: RoleContext,
  store: CheckpointStore,
  owned: ReadonlyMap<number, Owned>,
): Saving => {
  const save = async (partition: number, state: Owned): Promise<void> => {
    const done = metrics.checkpointSeconds.startTimer()
    const { epoch, position } = state
    state.recordsSinceSave = 0
    state.savedAt = clock.now()
    const chunks = state.correlator.snapshotInChunks()
    const checkpoint = { position, savedAt: state.savedAt, state: chunks }
    const bytes = await store.save(checkpointName(partition), epoch, checkpoint)
    metrics.checkpointBytes.set({ partition: String(partition) }, bytes)
    done()
  }
  return {
    begin: (partition, state) => {
      if (state.saving !== undefined) return
      state.saving = save(partition, state)
        .catch((error: Error) => {
          // Fenced, it cannot know whether it or the other one is the owner that the group means:
          // it ends, and begins anew with what the group says then.
          if (owned.get(partition) === state) fail('saving a checkpoint', error)
        })
        .finally(() => {
          state.saving = undefined
        })
    },
    finish: async (partition, state) => {
      await state.saving
      if (state.recordsSinceSave > 0) await save(partition, state)
    },
  }
}

const observe = ({ metrics }: RoleContext, partition: number, { correlator }: Owned): void => {
  const labels = { partition: String(partition) }
  const { liveAlerts, openIncidents } = correlator.stats()
  metrics.liveAlerts.set(labels, liveAlerts)
  metrics.openIncidents.set(labels, openIncidents)
}

/** Time passes in an idle partition only by a record, so that a replay sees the same time. */
const startTicking = (
  { config, log, clock, logger }: RoleContext,
  owned: ReadonlyMap<number, Owned>,
): Repetition =>
  every(
    config.tickMs,
    async () => {
      const now = clock.now()
      for (const [partition, state] of owned) {
        const wakeAt = state.correlator.wakeAt()
        if (wakeAt === undefined || wakeAt > now || now - state.appliedAt < config.tickMs) continue
        const value = encodeRecord('events', { kind: 'tick', at: now })
        await log.append('events', partition, [{ value }])
      }
    },
    (error) => logger.warn({ err: error }, 'could not append a tick'),
  )

/** The batch pass runs beside the stream; what it proposes comes back by the log. */
const startClustering = (
  { config, log, clock, logger }: RoleContext,
  owned: ReadonlyMap<number, Owned>,
): Repetition =>
  every(
    config.clusteringEveryMs,
    async () => {
      for (const [partition, state] of owned) {
        const clusters = await clusterInThread(state.correlator.loose())
        if (clusters.length === 0) continue
        const value = encodeRecord('events', { kind: 'proposals', at: clock.now(), clusters })
        await log.append('events', partition, [{ value }])
      }
    },
    (error) => logger.warn({ err: error }, 'the batch pass over closed incidents failed'),
  )

export const startCorrelatorRole = async (context: RoleContext): Promise<Role> => {
  const { config, log, clock, metrics } = context
  const settings = correlatorSettings(config)
  const store = await context.checkpoints()
  const owned = new Map<number, Owned>()
  const saving = createSaving(context, store, owned)

  const due = ({ recordsSinceSave, savedAt }: Owned): boolean =>
    recordsSinceSave >= config.checkpoint.everyRecords ||
    (recordsSinceSave > 0 && clock.now() - savedAt >= config.checkpoint.everyMs)

  const subscription = await consume<EventsRecord>(context, {
    group: 'correlator',
    topics: ['events'],
    assigned: async (_topic, partition) => {
      const state = await take(store, settings, partition, context)
      owned.set(partition, state)
      return state.position
    },
    revoked: async (_topic, partition) => {
      owned.delete(partition)
      metrics.liveAlerts.remove({ partition: String(partition) })
      metrics.openIncidents.remove({ partition: String(partition) })
    },
    apply: async (records, { partition, next }) => {
      const state = owned.get(partition)
      if (state === undefined) throw new Error(`partition ${partition} is not owned here`)
      const entries: LogEntry[] = []
      const receipts: Millis[] = []
      for (const decoded of records) {
        const outputs = state.correlator.apply(decoded.record, decoded.offset)
        if (outputs.length === 0) continue
        entries.push(...entriesOf(decoded, outputs))
        if (decoded.record.kind === 'events') receipts.push(decoded.record.receivedAt)
      }
      if (entries.length > 0) await log.append('incidents', partition, entries)
      const now = clock.now()
      for (const at of receipts) metrics.eventToIncident.observe(Math.max(0, now - at) / 1000)
      state.position = next
      state.recordsSinceSave += records.length
      state.appliedAt = now
      observe(context, partition, state)
      if (due(state)) saving.begin(partition, state)
    },
  })

  const ticking = startTicking(context, owned)
  const clustering = startClustering(context, owned)

  return {
    name: 'correlator',
    check: async () => {},
    stop: async () => {
      await ticking.stop()
      await clustering.stop()
      await subscription.stop()
      for (const [partition, state] of owned) await saving.finish(partition, state)
      await store.close()
    },
  }
}
