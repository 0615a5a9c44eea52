// Test support: records and the known estate, loaded by the real loader.
import type { Facts } from '../../domain/ports/facts.ts'
import type { LogRecord } from '../../domain/ports/log.ts'
import { createFactLoader } from '../loader.ts'
import { DEFAULT_FACT_SETTINGS, type FactSettings } from '../settings.ts'
import type { Estate } from './estate.fixture.ts'
import { estateLog } from './estate-log.fixture.ts'

/** Through the real loader; anything that it would only count is an error here. */
export const loadRecords = async (
  facts: Facts,
  topics: readonly (readonly LogRecord[])[],
  settings: Partial<FactSettings>,
): Promise<void> => {
  const loader = createFactLoader({
    facts,
    settings: {
      ...DEFAULT_FACT_SETTINGS,
      retentionDays: { events: 0, alerts: 0, tickets: 0 },
      ...settings,
    },
    clock: { now: () => 0 },
    pause: async () => {},
    metrics: {
      inserted() {},
      failed(error) {
        throw error
      },
      refused(_, error) {
        throw error
      },
      poisonRecord(topic) {
        throw new Error(`a poison record in ${topic}`)
      },
    },
  })
  for (const records of topics) {
    const { topic, partition } = records[0]!
    await loader.start(topic, partition)
    await loader.load(records)
  }
  await loader.close()
}

export const loadEstate = (
  facts: Facts,
  estate: Estate,
  settings: Partial<FactSettings> = {},
): Promise<void> => loadRecords(facts, estateLog(estate), { blockRowsMax: 97, ...settings })
