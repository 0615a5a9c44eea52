// What monitoring tools send in a simulated hour: alerts that fire, repeat, resolve and fire again.
import type { Random } from '../../bench/estate/random.ts'
import { isoTime, type Millis, SECOND_MS } from '../../domain/time.ts'
import type { Topology } from '../../domain/topology.ts'

const SERVICES = ['checkout', 'payments', 'payments-db', 'search', 'catalog', 'mail'] as const
const NAMES = ['HighLatency', 'ErrorRate', 'DiskFull'] as const
const SEVERITIES = ['warning', 'critical'] as const

export const TOPOLOGY: Topology = {
  cis: SERVICES.map((id) => ({ id, kind: 'service', name: id, attributes: {} })),
  relations: [
    { from: 'checkout', to: 'payments', type: 'depends_on' },
    { from: 'payments', to: 'payments-db', type: 'depends_on' },
    { from: 'checkout', to: 'catalog', type: 'depends_on' },
    { from: 'catalog', to: 'search', type: 'depends_on' },
  ],
}

interface Fire {
  readonly labels: Readonly<Record<string, string>>
  readonly startsAt: Millis
}

const NOT_ENDED = '0001-01-01T00:00:00Z'

const alertOf = ({ labels, startsAt }: Fire, endsAt?: Millis) => ({
  status: endsAt === undefined ? 'firing' : 'resolved',
  labels,
  annotations: { summary: `${labels.alertname} on ${labels.service}` },
  startsAt: isoTime(startsAt),
  endsAt: endsAt === undefined ? NOT_ENDED : isoTime(endsAt),
})

/**
 * Bodies of Alertmanager's webhook, made when they are asked for.
 * @param regions what the label `region` may say; none: no alert has it
 */
export const createTraffic = (random: Random, regions: readonly string[] = []) => {
  const firing = new Map<string, Fire>()
  const oneAlert = (now: Millis) => {
    const service = random.pick(SERVICES)
    const alertname = random.pick(NAMES)
    const region = regions.length === 0 ? undefined : random.pick(regions)
    const key = `${alertname} ${service} ${region}`
    const known = firing.get(key)
    if (known !== undefined && random.chance(0.6)) {
      firing.delete(key)
      return alertOf(known, now)
    }
    const labels = {
      alertname,
      service,
      severity: random.pick(SEVERITIES),
      ...(region === undefined ? {} : { region }),
    }
    const fire = known ?? { labels, startsAt: now - random.integer(0, 30) * SECOND_MS }
    firing.set(key, fire)
    return alertOf(fire)
  }
  return (now: Millis, sequence: number): string =>
    JSON.stringify({
      version: '4',
      groupKey: `{}:{n="${sequence}"}`,
      status: 'firing',
      receiver: 'faultline',
      alerts: Array.from({ length: random.integer(1, 3) }, () => oneAlert(now)),
    })
}
