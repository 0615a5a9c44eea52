// The ingest role: the routes that monitoring tools push to, and the log behind them.
import type { Millis } from '../../domain/time.ts'
import { createIntake, type Intake } from '../../ingest/intake.ts'
import type { IngestMetrics } from '../../ingest/metrics.ts'
import { ingestRoutes } from '../../ingest/routes.ts'
import type { IngestSettings } from '../../ingest/settings.ts'
import { createSnsGate, type Gate } from '../../ingest/sns.ts'
import { openDeliveryRecorder } from '../adapters/delivery-recorder.ts'
import { snsFetch } from '../adapters/sns-fetch.ts'
import { openSyslog, type SyslogSockets } from '../adapters/syslog-sockets.ts'
import { ingestSettings } from '../config/ingest.ts'
import { ConfigError } from '../config/load.ts'
import { isLoopback } from '../http/access.ts'
import type { Metrics } from '../observe/metrics.ts'
import { keepDoor } from './ingest-door.ts'
import { openPings } from './pings.ts'
import type { Role, RoleContext } from './role.ts'

export const ingestMetrics = (metrics: Metrics): IngestMetrics => ({
  delivery: (source, status, bytes) => {
    metrics.deliveries.inc({ source, status: String(status) })
    metrics.ingestBytes.inc({ source }, bytes)
  },
  accepted: (source, events) => metrics.events.inc({ source }, events),
  refused: (source, reason, items) => metrics.refusals.inc({ source, reason }, items),
})

/** SNS messages are believed only once their signature has been checked. */
const snsGates = ({ config, logger }: RoleContext, ageMaxMs: Millis): Record<string, Gate> => {
  const { snsTopicArns: topicArns, snsVerify } = config.senders
  if (snsVerify === 'on') return { cloudwatch: createSnsGate({ topicArns, ageMaxMs, ...snsFetch }) }
  if (!isLoopback(config.listen.host))
    throw new ConfigError('senders.snsVerify: may be off only while listening on loopback')
  logger.warn('SNS MESSAGES ARE TAKEN WITHOUT A CHECK OF THEIR SIGNATURE (senders.snsVerify: off)')
  return {}
}

/** @returns undefined where the configuration names no port */
const listenForSyslog = async (
  { logger, metrics }: RoleContext,
  { syslog: settings }: IngestSettings,
  intake: Intake,
): Promise<SyslogSockets | undefined> => {
  if (settings.udp === undefined && settings.tcp === undefined) return undefined
  const sockets = await openSyslog({
    settings,
    take: async (lines) => {
      const body = Buffer.from(lines.join('\n'))
      const delivery = { source: 'syslog', body, contentType: 'application/x-syslog' }
      const result = await intake.take(delivery)
      return result.kind === 'taken' || result.status !== 503
    },
    received: (transport, messages) => metrics.syslogMessages.inc({ transport }, messages),
    lost: (reason, messages) => metrics.syslogLost.inc({ reason }, messages),
    failed: (error) => logger.error({ err: error }, 'syslog failed'),
  })
  logger.info({ ports: sockets.ports }, 'listening for syslog')
  return sockets
}

export const startIngestRole = async (context: RoleContext): Promise<Role> => {
  const { config, log, clock, logger, metrics, ingestDoor } = context
  const settings = ingestSettings(config)
  const recorder =
    context.record === undefined
      ? undefined
      : await openDeliveryRecorder(context.record, (error) =>
          logger.error({ err: error }, 'deliveries are no longer recorded'),
        )
  const gates = snsGates(context, settings.signedWindowMs)
  const intake = createIntake({
    log,
    clock,
    settings,
    metrics: ingestMetrics(metrics),
    secrets: config.senders.secrets,
    gates,
    ...(ingestDoor === undefined ? {} : { report: ingestDoor.rings.note }),
    ...(recorder === undefined ? {} : { recordDelivery: recorder.record }),
  })
  const leaveDoor = await keepDoor(context, ingestDoor)
  const pings = await openPings(context)
  const syslog = await listenForSyslog(context, settings, intake)
  return {
    name: 'ingest',
    check: async () => {},
    ingestRoutes: [ingestRoutes(intake), ...pings.ingestRoutes],
    publicRoutes: pings.publicRoutes,
    stop: async () => {
      await syslog?.stop()
      await pings.stop()
      await leaveDoor()
      const skipped = recorder?.skipped() ?? 0
      if (skipped > 0) logger.warn({ skipped }, 'deliveries were left out of the recording')
      await recorder?.close()
    },
  }
}
