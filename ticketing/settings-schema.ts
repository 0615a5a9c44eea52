// The `desk` section of the configuration: its shape, its defaults, and what in it makes no sense.
import { z } from 'zod'
import { SEVERITIES } from '../domain/severity.ts'
import { DAY_MS, HOUR_MS } from '../domain/time.ts'
import { DEFAULT_CHANGE_POLICY } from './changes/policy.ts'
import { RISKS } from './lifecycles/change.ts'
import { notificationFaults, notificationSettingsSchema } from './notifications/settings.ts'
import { outboundSettingsSchema } from './outbound.ts'
import { DEFAULT_PRIORITY_MATRIX, LEVELS, type Level, PRIORITIES } from './priority.ts'
import { createCatalogue } from './requests/catalogue.ts'
import { createCalendar, WEEKDAYS } from './sla/calendar.ts'
import { createSlaBook, DEFAULT_SLA_POLICIES, SLA_KINDS } from './sla/policies.ts'
import { satisfactionSettingsSchema, statusPageSettingsSchema } from './status/settings.ts'
import { syncSettingsSchema } from './sync/settings.ts'

const name = z.string().min(1).max(200)
const names = z.array(name).readonly()
const level = z.enum(LEVELS)
const priority = z.enum(PRIORITIES)
const durationMs = z.number().int().positive()
const limit = (most: number) => z.number().int().positive().default(most)
const instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time such as 2026-12-20T00:00:00Z')

const matrixRow = (impact: Level) => {
  const { high, medium, low } = DEFAULT_PRIORITY_MATRIX[impact]
  return z
    .strictObject({
      high: priority.default(high),
      medium: priority.default(medium),
      low: priority.default(low),
    })
    .prefault({})
}

const assignmentRule = z.strictObject({
  scope: name.exactOptional(),
  severities: z.array(z.enum(SEVERITIES)).readonly().exactOptional(),
  ciKind: name.exactOptional(),
  ciAttributes: z.record(z.string(), z.string()).exactOptional(),
  team: name,
  assignee: name.exactOptional(),
})

const hours = z.array(z.tuple([z.string(), z.string()]).readonly()).readonly()
const calendar = z.strictObject({
  timeZone: z.string().describe('IANA name, e.g. Europe/Berlin'),
  week: z.partialRecord(z.enum(WEEKDAYS), hours).describe("mon: [['08:00', '17:30']]"),
  holidays: z.array(z.string()).readonly().default([]).describe('Closed all day: 2026-12-25'),
})

const slaPolicy = z.strictObject({
  name,
  kind: z.enum(SLA_KINDS),
  targetsMs: z.partialRecord(priority, durationMs),
  calendar: z.string().default('always'),
  services: names.exactOptional().describe('For tickets that one of these CIs suffers from'),
  warnAtShare: z.number().gt(0).max(1).default(0.75),
  escalateTo: name.exactOptional().describe('Team told with the warning'),
})

const changePolicy = z.strictObject({
  quorum: z.number().int().min(1).default(DEFAULT_CHANGE_POLICY.quorum),
  approvers: names.default([]).describe('Who may vote; empty = everybody but the requester'),
  passWithoutVote: z
    .array(z.enum(RISKS))
    .readonly()
    .default([])
    .describe('Normal changes of these risks pass without a vote'),
})

const freezeWindow = z
  .strictObject({ name, from: instant, to: instant, cis: names.exactOptional() })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), 'must end after it begins')

const jsonSchema = z.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be a JSON Schema such as {type: string}',
)

const catalogueItem = z.strictObject({
  id: name,
  title: name,
  description: z.string().default(''),
  form: z
    .strictObject({
      properties: z.record(z.string(), jsonSchema).default({}),
      required: z.array(z.string()).readonly().exactOptional(),
    })
    .prefault({})
    .describe('JSON Schema of what is asked for; any other field is refused'),
  approvers: names.default([]).describe('Any one of them; empty = needs no approval'),
  tasks: names.default([]).describe('What is to be done once approved, in this order'),
  team: name.exactOptional(),
  targetMs: durationMs.describe('Business time until it is fulfilled'),
  calendar: z.string().default('always'),
})

const shape = z.strictObject({
  priorityMatrix: z
    .strictObject({ high: matrixRow('high'), medium: matrixRow('medium'), low: matrixRow('low') })
    .prefault({})
    .describe('Priority by impact, then by urgency'),
  impactDefault: level
    .default('medium')
    .describe("Where the graph knows no service behind an incident's CIs"),
  impactCisMax: limit(50).describe('CIs that impact is derived from, most alerts first'),
  assignmentRules: z
    .array(assignmentRule)
    .readonly()
    .default([])
    .describe('The first that fits a new incident says who it goes to'),
  calendars: z
    .record(z.string(), calendar)
    .default({})
    .describe('Business hours by name; `always` needs no naming'),
  slaPolicies: z
    .array(slaPolicy)
    .readonly()
    .default([...DEFAULT_SLA_POLICIES])
    .describe('The first that fits a ticket holds'),
  changePolicy: changePolicy.prefault({}),
  freezeWindows: z
    .array(freezeWindow)
    .readonly()
    .default([])
    .describe('No standard or low-risk change passes by itself in these'),
  catalogue: z.array(catalogueItem).readonly().default([]).describe('What people can ask for'),
  processDefaults: z
    .strictObject({
      owner: name.exactOptional().describe('Owns processes that name nobody'),
      reviewAfterMs: durationMs.exactOptional().describe('Review date of those that set none'),
    })
    .prefault({}),
  notifications: notificationSettingsSchema.prefault({}).describe('See docs/notifications.md'),
  statusPage: statusPageSettingsSchema.prefault({}).describe('See docs/status-page.md'),
  satisfaction: satisfactionSettingsSchema.prefault({}).describe('Ratings by signed link'),
  sync: syncSettingsSchema
    .prefault({})
    .describe('ServiceNow and Jira, kept in step; see docs/notifications.md'),
  outbound: outboundSettingsSchema
    .prefault({})
    .describe('For notifications and synchronised desks alike'),
  closeAfterMs: durationMs
    .default(7 * DAY_MS)
    .describe('Resolved incidents close by themselves after this long'),
  commandResultsKeptMs: durationMs
    .default(48 * HOUR_MS)
    .describe('How long a retry with the same Idempotency-Key gets the first answer'),
  deadLettersMax: limit(10_000),
  mutesMax: limit(1_000).describe('Silences, and windows, that are not over'),
  mutesKeptMs: durationMs.default(90 * DAY_MS).describe('Silences that are over, for the list'),
  deadLetterPayloadMax: limit(16_384).describe('Characters kept of a refused record'),
})

type Shape = z.output<typeof shape>

const faultOf = (check: () => unknown): string | undefined => {
  try {
    check()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** What is well formed and yet makes no sense: an unknown calendar, a form that is no schema … */
const faultsOf = (desk: Shape): { path: (string | number)[]; message: string }[] => {
  const faults: { path: (string | number)[]; message: string }[] = []
  const check = (path: (string | number)[], task: () => unknown): void => {
    const message = faultOf(task)
    if (message !== undefined) faults.push({ path, message })
  }
  for (const [id, each] of Object.entries(desk.calendars))
    check(['calendars', id], () => createCalendar(each))
  if (faults.length > 0) return faults
  check(['slaPolicies'], () => createSlaBook(desk))
  check(['catalogue'], () => createCatalogue(desk.catalogue))
  for (const [index, item] of desk.catalogue.entries())
    if (item.calendar !== 'always' && desk.calendars[item.calendar] === undefined)
      faults.push({
        path: ['catalogue', index, 'calendar'],
        message: `there is no calendar ${item.calendar}`,
      })
  const calendars = new Set(['always', ...Object.keys(desk.calendars)])
  for (const message of notificationFaults(desk.notifications, calendars))
    faults.push({ path: ['notifications'], message })
  if (desk.satisfaction.key !== undefined && desk.notifications.publicUrl === undefined)
    faults.push({
      path: ['satisfaction', 'key'],
      message: 'links need notifications.publicUrl to lead to',
    })
  const { approvers, quorum } = desk.changePolicy
  if (approvers.length > 0 && approvers.length < quorum)
    faults.push({
      path: ['changePolicy', 'quorum'],
      message: `${quorum} are needed, and only ${approvers.length} may vote`,
    })
  return faults
}

export const deskSettingsSchema = shape.superRefine((desk, context) => {
  for (const { path, message } of faultsOf(desk))
    context.addIssue({ code: 'custom', path, message })
})
