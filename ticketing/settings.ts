// The desk's named limits and choices, with their defaults.
import type { z } from 'zod'
import {
  DEFAULT_NOTIFICATION_SETTINGS,
  type NotificationSettings,
} from './notifications/settings.ts'
import { deskSettingsSchema } from './settings-schema.ts'

export interface DeskSettings extends z.output<typeof deskSettingsSchema> {
  /** Who is told of what. */
  readonly notifications: NotificationSettings
}

export const DEFAULT_DESK_SETTINGS: DeskSettings = {
  ...deskSettingsSchema.parse({}),
  notifications: DEFAULT_NOTIFICATION_SETTINGS,
}
