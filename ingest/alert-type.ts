// The alert type inside free text: without host names, numbers and other volatile parts.

/** Product names that monitoring templates put before a colon; they are no alert types. */
const PRODUCTS = new Set(
  'MySQL PostgreSQL MongoDB MSSQL RabbitMQ HAProxy GitLab ClickHouse TiDB ZooKeeper OpenStack '
    .concat('CockroachDB FortiGate VMware OpenWeatherMap NetApp HashiCorp PfSense OPNsense AWS ')
    .concat('InfluxDB MariaDB TrueNAS FreeNAS macOS QNAP HPE iDRAC iLO DNS NTP SNMP ICMP')
    .split(' '),
)

/** A word such as DiskFull or CPUThrottling, before a colon. */
const TYPED = /^(?=\w*[a-z])(?=\w*[A-Z]\w*[A-Z])(\w{3,64}): /
/** Stands for a name taken out; private use, so it means nothing to anyone else. */
const GONE = '\ue000'
const ABOUT_GONE = /\b(on|at|for|of|in|from) ['"]?\ue000['"]?/gi
const TRAILING = /[\s,:;–-]+(on|at|for|of|in|from)?[\s,:;–-]*$/i
const ADDRESS = /\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g
const NUMBER = /(^|[\s(=<>:#@/,~-])[-+]?\d[\d.,:]*(?=[\s)%,;:/]|ms\b|[smhd]\b|[kmgt]i?b\b|$)/gi
const LONG_ID = /\b(?=[\da-f-]*\d)[\da-f]{8}[\da-f-]{4,28}\b/gi

/**
 * "High CPU on web-1" with web-1 named -> "High CPU"; "used 93 %" -> "used # %".
 * @param names what the alert is about: hosts, services; taken out of the text
 */
export const alertType = (text: string, names: readonly (string | undefined)[] = []): string => {
  const short = text.slice(0, TEXT_MAX).split('\n', 1)[0] ?? ''
  const typed = TYPED.exec(short)?.[1]
  if (typed !== undefined && !PRODUCTS.has(typed)) return typed
  let type = short
  for (const name of names) {
    if (name !== undefined && name.length >= NAME_MIN) type = type.replaceAll(name, GONE)
  }
  type = type.replace(ABOUT_GONE, '').replaceAll(GONE, '')
  type = type.replace(ADDRESS, '#').replace(LONG_ID, '#').replace(NUMBER, '$1#')
  type = type.replace(/\s+/g, ' ').replace(TRAILING, '').trim()
  return type === '' || type === '#' ? short.trim() : type
}

const TEXT_MAX = 512
/** Shorter names are too likely to be part of ordinary words. */
const NAME_MIN = 3
