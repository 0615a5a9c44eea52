// The desk's named limits and choices, with their defaults.
import { DAY_MS, HOUR_MS, type Millis } from '../domain/time.ts'
import { type ChangePolicy, DEFAULT_CHANGE_POLICY, type FreezeWindow } from './changes/policy.ts'
import type { AssignmentRule } from './incidents/assignment.ts'
import {
  DEFAULT_NOTIFICATION_SETTINGS,
  type NotificationSettings,
} from './notifications/settings.ts'
import { DEFAULT_PRIORITY_MATRIX, type Level, type PriorityMatrix } from './priority.ts'
import type { CatalogueItem } from './requests/catalogue.ts'
import type { CalendarSettings } from './sla/calendar.ts'
import { DEFAULT_SLA_POLICIES, type SlaPolicy } from './sla/policies.ts'

export interface DeskSettings {
  readonly priorityMatrix: PriorityMatrix
  /** Impact where the graph knows no service behind the incident's CIs. */
  readonly impactDefault: Level
  /** CIs of one incident that impact is derived from, most alerts first. */
  readonly impactCisMax: number
  /** The first one that fits a new incident says who it goes to. */
  readonly assignmentRules: readonly AssignmentRule[]
  /** Business calendars by name; `always` is known without being named here. */
  readonly calendars: Readonly<Record<string, CalendarSettings>>
  /** The first one that fits a ticket holds. */
  readonly slaPolicies: readonly SlaPolicy[]
  readonly changePolicy: ChangePolicy
  /** No standard or low-risk change passes by itself in these; `from` and `to` are ISO times. */
  readonly freezeWindows: readonly FreezeWindow[]
  /** What people can ask for. */
  readonly catalogue: readonly CatalogueItem[]
  /** Who is told of what. */
  readonly notifications: NotificationSettings
  /** Resolved tickets close by themselves after this long. */
  readonly closeAfterMs: Millis
  /** Results of commands are kept this long for retries with the same key. */
  readonly commandResultsKeptMs: Millis
  readonly deadLettersMax: number
  /** Text of a refused record that is kept, characters. */
  readonly deadLetterPayloadMax: number
}

export const DEFAULT_DESK_SETTINGS: DeskSettings = {
  priorityMatrix: DEFAULT_PRIORITY_MATRIX,
  impactDefault: 'medium',
  impactCisMax: 50,
  assignmentRules: [],
  calendars: {},
  slaPolicies: DEFAULT_SLA_POLICIES,
  changePolicy: DEFAULT_CHANGE_POLICY,
  freezeWindows: [],
  catalogue: [],
  notifications: DEFAULT_NOTIFICATION_SETTINGS,
  closeAfterMs: 7 * DAY_MS,
  commandResultsKeptMs: 48 * HOUR_MS,
  deadLettersMax: 10_000,
  deadLetterPayloadMax: 16_384,
}
