// Is a decoded record what its topic promises? What is not becomes a dead letter with a reason.
import type { CommandRecord, DeadLetterRecord, IncidentsRecord } from '../domain/records.ts'

/** Topics that the desk reads. */
export const DESK_TOPICS = ['incidents', 'commands', 'dead-letters'] as const
export type DeskTopic = (typeof DESK_TOPICS)[number]

export interface DeskRecords {
  incidents: IncidentsRecord
  commands: CommandRecord
  'dead-letters': DeadLetterRecord
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isTime = (value: unknown): boolean => Number.isSafeInteger(value)

const versioned = (value: unknown, extra: readonly string[]): boolean =>
  isObject(value) &&
  isText(value.id) &&
  Number.isSafeInteger(value.version) &&
  extra.every((key) => value[key] !== undefined)

const outputFault = (output: unknown): string | undefined => {
  if (!isObject(output)) return 'an output is not an object'
  if (output.kind === 'alert')
    return versioned(output.alert, ['name', 'severity', 'status', 'scope', 'labels', 'evidence'])
      ? undefined
      : 'an alert lacks a field'
  if (output.kind === 'incident')
    return Array.isArray(output.entries) &&
      versioned(output.incident, ['title', 'severity', 'status', 'scope', 'cis', 'hints'])
      ? undefined
      : 'an incident lacks a field'
  if (output.kind === 'problem')
    return versioned(output.problem, ['title', 'scope', 'statistics', 'incidentIds'])
      ? undefined
      : 'a problem lacks a field'
  if (output.kind === 'heartbeat')
    return Array.isArray(output.pings) &&
      Array.isArray(output.transitions) &&
      versioned(output.heartbeat, ['scope', 'status', 'since', 'pingCount'])
      ? undefined
      : 'a heartbeat lacks a field'
  return `unknown output kind ${String(output.kind)}`
}

const FAULTS: {
  readonly [T in DeskTopic]: (record: Record<string, unknown>) => string | undefined
} = {
  incidents: ({ at, outputs }) => {
    if (!isTime(at) || !Array.isArray(outputs)) return 'not an incidents record'
    return outputs.map(outputFault).find((fault) => fault !== undefined)
  },
  commands: ({ id, at, actor, action, target, body }) =>
    isText(id) && isTime(at) && isText(actor) && isText(action) && isText(target) && isObject(body)
      ? undefined
      : 'not a command record',
  'dead-letters': ({ id, at, source, reason, detail }) =>
    isText(id) && isTime(at) && isText(source) && isText(reason) && typeof detail === 'string'
      ? undefined
      : 'not a dead-letter record',
}

/** @returns what is wrong, or undefined */
export const recordFault = (topic: DeskTopic, record: unknown): string | undefined =>
  isObject(record) ? FAULTS[topic](record) : 'a record must be a JSON object'
