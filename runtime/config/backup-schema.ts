// Settings of backups: where they go, when they are taken, and how many are kept.
import { Cron } from 'croner'
import { z } from 'zod'
import { isTimeZone } from '../../domain/time.ts'

const count = (least: number, usual: number) =>
  z.number().int().min(least).max(10_000).default(usual)

/** @returns what is wrong with a schedule, or nothing */
const faultOf = (schedule: string): string | undefined => {
  try {
    const next = new Cron(schedule, { paused: true, timezone: 'UTC' }).nextRun(new Date(0))
    return next === null ? 'it is never due' : undefined
  } catch (error) {
    return (error as Error).message
  }
}

export const backupSchema = z.strictObject({
  to: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A directory or `s3://bucket/prefix`, of this installation alone; absent = none are taken',
    ),
  schedule: z
    .string()
    .superRefine((schedule, context) => {
      const fault = faultOf(schedule)
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
    })
    .default('15 3 * * *')
    .describe('When a backup is taken: cron with five or six fields'),
  timeZone: z
    .string()
    .refine(isTimeZone, 'no IANA time zone')
    .default('UTC')
    .describe('Of `schedule`, and of the days and weeks below'),
  keep: z
    .strictObject({
      last: count(1, 3).describe('The newest ones'),
      daily: count(0, 14).describe('The newest of each day, for so many days that have any'),
      weekly: count(0, 8).describe(
        'The newest of each week (from Monday), for so many that have any',
      ),
    })
    .prefault({})
    .describe('What none of these keeps is removed after the next good backup'),
  s3: z
    .strictObject({
      endpoint: z.url().optional().describe('Absent = `AWS_ENDPOINT_URL_S3`, or Amazon’s'),
      region: z.string().min(1).optional().describe('Absent = `AWS_REGION`'),
      accessKeyId: z
        .string()
        .min(1)
        .optional()
        .describe('Absent = what the AWS variables, profile or role give'),
      secretAccessKey: z
        .string()
        .min(1)
        .optional()
        .describe('With `accessKeyId`; `!env` or `!file`'),
      pathStyle: z
        .boolean()
        .optional()
        .describe('`endpoint/bucket/key`; absent = wherever an endpoint is named'),
    })
    .refine(
      ({ accessKeyId, secretAccessKey }) =>
        (accessKeyId === undefined) === (secretAccessKey === undefined),
      'accessKeyId and secretAccessKey go together',
    )
    .prefault({})
    .describe('How the bucket is reached'),
})

export type BackupSettings = z.output<typeof backupSchema>
