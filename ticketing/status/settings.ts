// What customers see and may say: the status page, and how satisfied they are.
import { z } from 'zod'
import { DAY_MS } from '../../domain/time.ts'

export const statusPageSettingsSchema = z.strictObject({
  public: z.boolean().default(false).describe('Shown also to who has not signed in'),
  title: z.string().min(1).max(200).default('Service status'),
  services: z
    .array(z.string().min(1))
    .readonly()
    .exactOptional()
    .describe('CI ids, in this order; absent = every CI of kind service'),
  incidentTitles: z
    .boolean()
    .default(false)
    .describe('Shows the titles of incidents, which may name machines inside'),
})

/** Shorter keys can be guessed. */
const KEY_LENGTH_MIN = 16

export const satisfactionSettingsSchema = z.strictObject({
  key: z
    .string()
    .min(KEY_LENGTH_MIN)
    .exactOptional()
    .describe('Signs the links; absent = nobody is asked. Needs notifications.publicUrl'),
  validMs: z
    .number()
    .int()
    .positive()
    .default(14 * DAY_MS)
    .describe('How long after the resolution a link can be used'),
})

export type StatusPageSettings = z.output<typeof statusPageSettingsSchema>
