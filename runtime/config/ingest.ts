// The edge's settings as the configuration has them, checked before anything starts.
import { isIP } from 'node:net'
import { compileMapping } from '../../ingest/mapping.ts'
import { defaultIngestSettings, type IngestSettings } from '../../ingest/settings.ts'
import { isLoopback } from '../http/access.ts'
import { ConfigError, overlaySettings } from './load.ts'
import type { Config } from './schema.ts'

/** @throws ConfigError naming each wrong setting */
export const ingestSettings = ({ ingest }: Pick<Config, 'ingest'>): IngestSettings => {
  const settings = overlaySettings('ingest', defaultIngestSettings, ingest)
  checkSyslog(settings)
  checkShedding(settings)
  if (settings.generic === undefined) return settings
  const result = compileMapping(settings.generic)
  if (result.kind === 'ok') return settings
  throw new ConfigError(result.faults.map((fault) => `ingest.generic.${fault}`).join('\n'))
}

const checkShedding = ({ shedding }: IngestSettings): void => {
  for (const [name, share] of Object.entries(shedding))
    if (!(share > 0 && share <= 1))
      throw new ConfigError(`ingest.shedding.${name}: must be more than 0 and at most 1`)
}

const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

const isPort = (port: unknown): boolean =>
  port === undefined || (Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65_535)

/** Off loopback its default would take nothing; who may send is to be said, not guessed. */
const checkSyslog = ({ syslog }: IngestSettings): void => {
  const settings = overlaySettings('ingest.syslog', defaultIngestSettings.syslog, { ...syslog })
  for (const name of ['udp', 'tcp'] as const)
    if (!isPort(settings[name])) throw new ConfigError(`ingest.syslog.${name}: must be a port`)
  const wrong = settings.allow.find((network) => !isNetwork(network))
  if (wrong !== undefined)
    throw new ConfigError(`ingest.syslog.allow: ${wrong} is no address or network`)
  if (!isLoopback(settings.host) && settings.allow === defaultIngestSettings.syslog.allow)
    throw new ConfigError('ingest.syslog.allow: name the networks that may send')
}
