// What must be true of an installation after chaos: its log, its desk and its facts agree.
import { join } from 'node:path'
import type { LogRecord, Topic } from '../../domain/ports/log.ts'
import { type CorrelatorOutput, decodeRecord } from '../../domain/records.ts'
import { readPartition } from '../../runtime/backup/log-files.ts'
import { type Acknowledged, type StoredTopics, violations } from '../simulation/oracle.ts'
import type { IncidentItem } from '../support/faultline.ts'

const isReadable = (record: LogRecord): boolean => {
  try {
    decodeRecord(record.topic, record.value)
    return true
  } catch {
    return false
  }
}

/** The topics of a stopped installation with one partition. Poison is judged by its dead letter. */
export const readLog = async (data: string): Promise<StoredTopics> => {
  const topics = new Map<Topic, LogRecord[]>()
  for (const topic of ['events', 'incidents', 'dead-letters'] as const) {
    const records: LogRecord[] = []
    for await (const batch of readPartition(join(data, 'log'), topic, 0)) records.push(...batch)
    topics.set(topic, records)
  }
  return { stored: (topic) => topics.get(topic) ?? [] }
}

/** The newest that the log tells of each incident that people can still look up. */
const incidentsTold = (log: StoredTopics): Map<string, IncidentItem> => {
  const newest = new Map<string, { version: number; item: IncidentItem }>()
  const outputs = log
    .stored('incidents')
    .flatMap(({ value }): readonly CorrelatorOutput[] => decodeRecord('incidents', value).outputs)
  for (const output of outputs) {
    if (output.kind !== 'incident') continue
    const { id, version, title, status, alertCount, occurrenceCount } = output.incident
    if (version <= (newest.get(id)?.version ?? -1)) continue
    newest.set(id, {
      version,
      item: { id, number: '', title, status, alertCount, occurrenceCount },
    })
  }
  return new Map([...newest].map(([id, { item }]) => [id, item]))
}

const textOf = ({ title, alertCount, occurrenceCount }: IncidentItem): string =>
  JSON.stringify({ title, alertCount, occurrenceCount })

/** @param shown what the desk's API lists */
export const deskViolations = (log: StoredTopics, shown: readonly IncidentItem[]): string[] => {
  const told = incidentsTold(log)
  const seen = new Map(shown.map((item) => [item.id, item]))
  const twice = shown.length === seen.size ? [] : ['an incident is listed twice']
  const numbers = new Set(shown.map(({ number }) => number))
  const numbered = numbers.size === shown.length ? [] : ['two incidents share a number']
  const different = [...told].flatMap(([id, item]) => {
    const ticket = seen.get(id)
    if (ticket === undefined) return [`the desk lacks incident ${id}`]
    return textOf(ticket) === textOf(item) ? [] : [`${id}: ${textOf(ticket)} not ${textOf(item)}`]
  })
  const invented = [...seen.keys()].filter((id) => !told.has(id))
  return [
    ...twice,
    ...numbered,
    ...different,
    ...invented.map((id) => `nobody told of incident ${id}`),
  ]
}

export const poisonViolations = (log: StoredTopics, expected: number): string[] => {
  const ids = log
    .stored('dead-letters')
    .map(({ value }) => decodeRecord('dead-letters', value))
    .filter(({ reason }) => reason === 'poison-record')
    .map(({ id }) => id)
  const found = new Set(ids).size
  return found === expected ? [] : [`${found} poison records in the dead letters, not ${expected}`]
}

export const logViolations = (
  log: StoredTopics,
  acknowledged: readonly Acknowledged[],
): string[] => {
  const events = log.stored('events')
  const readable: StoredTopics = {
    stored: (topic) => (topic === 'events' ? events.filter(isReadable) : log.stored(topic)),
  }
  return violations(readable, acknowledged)
}
