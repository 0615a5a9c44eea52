// Other desks that incidents are kept in step with: which of ours go there, and how.
import { z } from 'zod'
import { MINUTE_MS } from '../../domain/time.ts'
import { httpUrl } from '../notifications/channels/channel.ts'
import { PRIORITIES } from '../priority.ts'

const name = z.string().min(1).max(200)
const names = z.array(name).readonly()

const common = {
  url: httpUrl.describe('Of the instance, without a path'),
  priorities: z
    .array(z.enum(PRIORITIES))
    .readonly()
    .exactOptional()
    .describe('Only incidents of these; each condition that is given must hold'),
  teams: names.exactOptional(),
  scopes: names.exactOptional(),
  people: z
    .record(name, name)
    .default({})
    .describe('Our name to theirs (sys_id or accountId); others are not carried over'),
  onConflict: z
    .enum(['faultline', 'remote'])
    .default('faultline')
    .describe('Whose word holds where both sides changed the same field'),
}

const servicenow = z.strictObject({
  kind: z.literal('servicenow'),
  ...common,
  user: name,
  password: z.string().min(1),
  closeCode: name.default('Resolved by monitoring').describe('As the instance knows it'),
  holdReason: name.default('1').describe('hold_reason of incidents on hold'),
  fields: z
    .record(name, z.string())
    .default({})
    .describe('Set on creation, e.g. caller_id, assignment_group'),
})

const jira = z.strictObject({
  kind: z.literal('jira'),
  ...common,
  email: name,
  apiToken: z.string().min(1),
  project: z.string().regex(/^[A-Z][A-Z0-9_]+$/, 'must be a project key'),
  issueType: name.default('Task'),
  statuses: z
    .strictObject({
      open: name.default('To Do'),
      working: name.default('In Progress'),
      waiting: name.default('In Progress'),
      done: name.default('Done'),
    })
    .prefault({})
    .describe("Names of the workflow's statuses"),
  priorityNames: z
    .partialRecord(z.enum(PRIORITIES), name)
    .default({ P1: 'Highest', P2: 'High', P3: 'Medium', P4: 'Low', P5: 'Lowest' })
    .describe('Empty = priorities are not carried over'),
})

const target = z.discriminatedUnion('kind', [servicenow, jira])
export type SyncTarget = z.output<typeof target>
export type ServicenowTarget = z.output<typeof servicenow>
export type JiraTarget = z.output<typeof jira>

export const syncSettingsSchema = z.strictObject({
  targets: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), target).default({}),
  pollEveryMs: z
    .number()
    .int()
    .min(1_000)
    .max(60 * MINUTE_MS)
    .default(MINUTE_MS),
  attemptsMax: z.number().int().min(1).max(100).default(12).describe('Then it is a dead letter'),
})

export type SyncSettings = z.output<typeof syncSettingsSchema>
