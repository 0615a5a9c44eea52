// Every setting of the runtime: one schema gives types, defaults, validation and the reference.
import { z } from 'zod'
import { factSettingsSchema } from '../../dashboards/settings.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import { deskSettingsSchema } from '../../ticketing/settings-schema.ts'
import { authSchema } from './auth-schema.ts'
import { backupSchema } from './backup-schema.ts'

const GIB = 1024 ** 3

const port = z.number().int().min(0).max(65_535)

const retention = (bytesMax: number, ageMaxMs: number) =>
  z
    .strictObject({
      bytesMax: z.number().int().positive().default(bytesMax).describe('Bytes kept, per partition'),
      ageMaxMs: z.number().int().positive().default(ageMaxMs).describe('Age kept, in ms'),
    })
    .prefault({})

const FOREVER_MS = 3650 * DAY_MS

export const configSchema = z.strictObject({
  listen: z
    .strictObject({
      host: z.string().default('127.0.0.1').describe('Off loopback, `auth` is required'),
      port: port.default(8080).describe('0 picks a free port'),
      publicUrl: z.url().optional().describe('As browsers see it, behind a proxy or load balancer'),
    })
    .prefault({}),
  data: z.string().default('.data').describe('Directory of everything embedded'),
  auth: authSchema.prefault({}),
  log: z
    .strictObject({
      partitions: z.number().int().min(1).max(1024).default(1).describe('Of every topic'),
      segmentBytesMax: z
        .number()
        .int()
        .positive()
        .default(64 * 1024 * 1024),
      events: retention(20 * GIB, 30 * DAY_MS).describe('Retention, per topic'),
      incidents: retention(20 * GIB, FOREVER_MS),
      commands: retention(20 * GIB, FOREVER_MS),
      tickets: retention(20 * GIB, FOREVER_MS),
      'dead-letters': retention(GIB, 30 * DAY_MS),
    })
    .prefault({}),
  kafka: z
    .strictObject({
      brokers: z.array(z.string()).min(1),
      clientId: z.string().default('faultline'),
      topicPrefix: z.string().default('faultline.'),
      replicationFactor: z.number().int().positive().default(1),
      sessionTimeoutMs: z
        .number()
        .int()
        .min(1_000)
        .default(30_000)
        .describe('A process silent for this long loses its partitions to another'),
    })
    .optional()
    .describe('Absent = the embedded log'),
  postgres: z
    .strictObject({ url: z.string(), connectionsMax: z.number().int().positive().default(10) })
    .optional()
    .describe('Absent = PGlite in the data directory'),
  clickhouse: z
    .strictObject({
      url: z.string(),
      username: z.string().default('default'),
      password: z.string().default(''),
      database: z.string().default('faultline'),
    })
    .optional()
    .describe('Absent = chDB in the data directory'),
  facts: factSettingsSchema.prefault({}),
  desk: deskSettingsSchema.prefault({}).describe('See docs/service-desk.md'),
  backup: backupSchema.prefault({}).describe('See docs/operations.md'),
  checkpoint: z
    .strictObject({
      everyMs: z.number().int().positive().default(30_000),
      everyRecords: z.number().int().positive().default(50_000),
    })
    .prefault({}),
  tickMs: z.number().int().positive().default(1_000).describe('Time passes at least this often'),
  clusteringEveryMs: z
    .number()
    .int()
    .positive()
    .default(HOUR_MS)
    .describe('How often k-means looks for recurring incidents that the stream missed'),
  heartbeats: z
    .strictObject({
      edgeTickMs: z
        .number()
        .int()
        .positive()
        .max(5_000)
        .default(5_000)
        .describe('The edge says this often that it listens; see correlator.heartbeats'),
      pingBodyBytesMax: z.number().int().min(0).default(10_000).describe('Kept of each ping'),
    })
    .prefault({}),
  drainMs: z.number().int().positive().default(10_000).describe('Longest graceful shutdown'),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  senders: z
    .strictObject({
      secrets: z
        .record(z.string(), z.array(z.string().min(1)).min(1))
        .default({})
        .describe('By source: HMAC secrets; two while one is being rotated'),
      snsTopicArns: z
        .array(z.string().startsWith('arn:'))
        .default([])
        .describe('Amazon SNS topics whose messages are taken'),
      snsVerify: z
        .enum(['on', 'off'])
        .default('on')
        .describe('off only on loopback, for trying SNS without AWS'),
    })
    .prefault({}),
  ingest: z.record(z.string(), z.unknown()).default({}).describe('See ingest/README.md'),
  correlator: z.record(z.string(), z.unknown()).default({}).describe('See correlator/README.md'),
})

export type Config = z.output<typeof configSchema>
export type ConfigInput = z.input<typeof configSchema>
