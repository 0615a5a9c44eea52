// How one estate's tools speak: groupings, severity words, titles and clocks, drawn by seed.
import type { Dialect } from './payloads.ts'
import type { Random } from './random.ts'

export const createDialect = (random: Random): Dialect => {
  const spaced = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2')
  const plain = random.chance(0.75)
  const skewed = random.chance(0.3)
  const skew = (): number => (skewed ? Math.round(random.between(-15_000, 15_000)) : 0)
  return {
    groupBy: random.pick([[], [], ['alertname'], ['alertname', 'namespace'], ['namespace']]),
    severityWords: random.pick([
      { critical: 'critical', error: 'major', warning: 'warning', info: 'info' },
      { critical: 'critical', error: 'error', warning: 'warning', info: 'none' },
      { critical: 'page', error: 'high', warning: 'warning', info: 'info' },
    ]),
    hostLabel: random.chance(0.75)
      ? (life) => `${life.ci}:9100`
      : (life) => `${life.fqdn ?? life.ci}:9100`,
    zabbixTitle: plain
      ? (life) => `${life.type.name}: ${life.says}`
      : (life) => `${spaced(life.type.name)} on ${life.ci}`,
    clock: (at) => at,
    skewMs: { alertmanager: 0, zabbix: skew(), pagerduty: skew(), cloudevents: 0 },
  }
}
