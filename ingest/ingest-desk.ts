// The edge as the desk uses it: offering a delivery again, trying a mapping, saying what is wrong.
import { Buffer } from 'node:buffer'
import type { DeliveryReport, FieldMapping } from '../domain/integration.ts'
import type { DryRun, IngestDesk, OfferedDelivery } from '../domain/ports/integrations.ts'
import type { Clock } from '../domain/time.ts'
import { readBody } from './body.ts'
import { createIntake, type IntakeOptions } from './intake.ts'
import { reportOf } from './keyed.ts'
import { compileMapping } from './mapping.ts'
import { createNormaliser } from './normalise.ts'
import type { IngestSettings } from './settings.ts'

/** What the edge would make of a body, nothing kept. */
export const createDryRun = (settings: IngestSettings, clock: Clock) => {
  const normalise = createNormaliser(settings)
  return ({ source, body, contentType, mapping: written }: OfferedDelivery): DryRun => {
    const compiled = written === undefined ? undefined : compileMapping(written)
    if (compiled?.kind === 'refused') {
      const detail = compiled.faults.join('; ')
      return { events: [], refused: [{ reason: 'mapping-invalid', detail }], ignored: [] }
    }
    const reading = readBody(Buffer.from(body), contentType, settings.limits)
    if (reading.kind === 'refused') {
      const { reason, detail } = reading
      return { events: [], refused: [{ reason, detail }], ignored: [] }
    }
    const delivery = { source, payload: reading.value, mapping: compiled?.mapping }
    const at = { receivedAt: clock.now(), deliveryId: 'dry-run' }
    const { batches, refusals, drops } = normalise({ ...delivery, ...at })
    return {
      events: batches.flatMap(({ batch }) => batch.events),
      refused: refusals.map(({ item: _, ...refusal }) => refusal),
      ignored: drops,
    }
  }
}

export const createIngestDesk = (
  options: Pick<IntakeOptions, 'log' | 'clock' | 'settings' | 'metrics'>,
): IngestDesk => {
  const { settings, clock } = options
  const intake = createIntake(options)
  return {
    deliver: async ({ body, integrationId, ...offered }): Promise<DeliveryReport> => {
      const receivedAt = clock.now()
      const delivery = { ...offered, body: Buffer.from(body), receivedAt, again: true }
      const result = await intake.take({ ...delivery, sentBy: integrationId })
      return reportOf(offered.source, delivery, result)
    },
    dryRun: createDryRun(settings, clock),
    mappingFaults: (mapping: FieldMapping) => {
      const result = compileMapping(mapping)
      return result.kind === 'ok' ? [] : result.faults
    },
  }
}
