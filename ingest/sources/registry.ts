// Every source Faultline knows; one line each.
import type { Source } from '../source.ts'
import { alertmanager } from './alertmanager.ts'
import { cloudevents } from './cloudevents.ts'
import { native } from './native.ts'
import { pagerduty } from './pagerduty.ts'
import { zabbix } from './zabbix.ts'

const REGISTERED: readonly Source[] = [alertmanager, cloudevents, native, pagerduty, zabbix]

/** By the name in `/webhooks/<name>`. */
export const SOURCES: ReadonlyMap<string, Source> = new Map(
  REGISTERED.map((source) => [source.name, source]),
)
