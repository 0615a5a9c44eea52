// The desk's named limits and choices, with their defaults.
import type { z } from 'zod'
import { deskSettingsSchema } from './settings-schema.ts'

export type DeskSettings = z.output<typeof deskSettingsSchema>

export const DEFAULT_DESK_SETTINGS: DeskSettings = deskSettingsSchema.parse({})
