// The settings of the facts stage: how long facts are kept, and the limits of loading them.
import { z } from 'zod'
import { SECOND_MS } from '../domain/time.ts'

/** At most ten years: the engine's TTL arithmetic ends in 2106. */
const days = (count: number) => z.number().int().min(0).max(3_660).default(count)
const limit = (count: number) => z.number().int().min(1).default(count)

export const factSettingsSchema = z.strictObject({
  retentionDays: z
    .strictObject({
      events: days(90).describe('Single observations; the bulk of the facts'),
      alerts: days(400).describe('Alerts, and what could not be taken'),
      tickets: days(1_100).describe('Incidents, transitions, decisions, changes and problems'),
    })
    .prefault({})
    .describe('Days that facts are kept; 0 = for ever'),
  costPerMinute: z
    .record(z.string(), z.number().min(0))
    .default({})
    .describe('What a minute of interruption costs, by CI id; "*" for every other CI'),
  blockRowsMax: limit(10_000).describe('Rows of one insert; at most one insert runs at a time'),
  blockAgeMaxMs: limit(2 * SECOND_MS).describe('A block is sent at this age though it is not full'),
  ledgerEveryMs: limit(10 * SECOND_MS).describe('How often the read position is noted'),
  retryMinMs: limit(200).describe('First pause after a failed insert; doubles'),
  retryMaxMs: limit(10 * SECOND_MS).describe('Longest pause between attempts'),
})

export type FactSettings = z.output<typeof factSettingsSchema>

export const DEFAULT_FACT_SETTINGS: FactSettings = factSettingsSchema.parse({})
