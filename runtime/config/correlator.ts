// The correlator's settings: the section of the file over the defaults, and checked.
import { type CorrelatorSettings, defaultCorrelatorSettings } from '../../correlator/settings.ts'
import { correlatorFaults } from '../../correlator/settings-check.ts'
import { ConfigError, overlaySettings } from './load.ts'
import type { Config } from './schema.ts'

/** @throws ConfigError a line per fault */
export const correlatorSettings = ({
  correlator,
}: Pick<Config, 'correlator'>): CorrelatorSettings => {
  const settings = overlaySettings('correlator', defaultCorrelatorSettings, correlator)
  const faults = correlatorFaults(settings)
  if (faults.length > 0)
    throw new ConfigError(faults.map((fault) => `correlator.${fault}`).join('\n'))
  return settings
}
