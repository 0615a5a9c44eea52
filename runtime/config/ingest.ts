// The edge's settings as the configuration has them, checked before anything starts.
import { compileMapping } from '../../ingest/mapping.ts'
import { defaultIngestSettings, type IngestSettings } from '../../ingest/settings.ts'
import { ConfigError, overlaySettings } from './load.ts'
import type { Config } from './schema.ts'

/** @throws ConfigError naming each wrong setting */
export const ingestSettings = ({ ingest }: Pick<Config, 'ingest'>): IngestSettings => {
  const settings = overlaySettings('ingest', defaultIngestSettings, ingest)
  if (settings.generic === undefined) return settings
  const result = compileMapping(settings.generic)
  if (result.kind === 'ok') return settings
  throw new ConfigError(result.faults.map((fault) => `ingest.generic.${fault}`).join('\n'))
}
