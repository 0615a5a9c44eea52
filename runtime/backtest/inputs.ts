// The backtest's input formats, checked: recorded deliveries, topology and changes.
import { hash } from 'node:crypto'
import type { Change } from '../../domain/change.ts'
import type { Millis } from '../../domain/time.ts'
import {
  type Ci,
  RELATION_TYPES,
  type Relation,
  type RelationType,
  type Topology,
} from '../../domain/topology.ts'
import { readTime } from '../../ingest/times.ts'

export interface RecordedDelivery {
  readonly receivedAt: Millis
  readonly source: string
  readonly payload: unknown
  /** The same content gives the same id, whenever it was received. */
  readonly deliveryId: string
}

export type LineFault =
  | 'line-too-long'
  | 'not-json'
  | 'not-an-object'
  | 'received-at-invalid'
  | 'source-missing'
  | 'payload-missing'

export interface BadLine {
  readonly fault: LineFault
  readonly detail: string
}

const bad = (fault: LineFault, detail: string): BadLine => ({ fault, detail: detail.slice(0, 200) })

const parseObject = (text: string): Record<string, unknown> | BadLine => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return bad('not-json', (error as Error).message)
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : bad('not-an-object', text)
}

const isBad = (value: Record<string, unknown> | BadLine): value is BadLine =>
  'fault' in value && 'detail' in value && Object.keys(value).length === 2

/** As `serve --record` writes it, the payload stands last and can be cut out as it was written. */
const payloadText = (line: string, receivedAt: string, source: string): string | undefined => {
  const before = `{"receivedAt":"${receivedAt}","source":"${source}","payload":`
  return line.startsWith(before) && line.endsWith('}') ? line.slice(before.length, -1) : undefined
}

/** 96 bits, as the live edge has them: where the tool posted compact JSON the ids are the same. */
const ID_DIGITS = 24

const contentId = (source: string, text: string): string =>
  hash('sha256', `${source}\n${text}`, 'hex').slice(0, ID_DIGITS)

export const parseDelivery = (line: string | undefined): RecordedDelivery | BadLine => {
  if (line === undefined) return bad('line-too-long', 'more bytes than one line may have')
  const object = parseObject(line)
  if (isBad(object)) return object
  const { receivedAt, source, payload } = object
  const at = typeof receivedAt === 'string' ? readTime(receivedAt) : Number.NaN
  if (at === undefined || Number.isNaN(at))
    return bad('received-at-invalid', `not an ISO 8601 time: ${String(receivedAt)}`)
  if (typeof source !== 'string' || source === '')
    return bad('source-missing', 'source must name the monitoring tool')
  if (payload === undefined) return bad('payload-missing', 'payload must hold the posted body')
  const text = payloadText(line, receivedAt as string, source) ?? JSON.stringify(payload)
  const deliveryId = contentId(source, text)
  return { receivedAt: at, source, payload, deliveryId }
}

/** An input file that is not what it should be; the message names the file's place and the fault. */
export class InputError extends Error {
  override readonly name = 'InputError'
}

const text = (value: unknown, what: string): string => {
  if (typeof value !== 'string' || value === '') throw new InputError(`${what} must be a text`)
  return value
}

const listOf = (value: unknown, what: string): Record<string, unknown>[] => {
  if (!Array.isArray(value)) throw new InputError(`${what} must be an array`)
  return value
}

const attributesOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(value ?? {}).map(([name, item]) => [name, String(item)]))

const parseCi = (item: Record<string, unknown>, i: number): Ci => {
  const id = text(item.id, `topology: cis[${i}].id`)
  return {
    id,
    kind: text(item.kind, `topology: cis[${i}].kind`),
    name: typeof item.name === 'string' ? item.name : id,
    attributes: attributesOf(item.attributes),
  }
}

const parseRelation = (item: Record<string, unknown>, i: number): Relation => {
  const type = text(item.type, `topology: relations[${i}].type`) as RelationType
  if (!RELATION_TYPES.includes(type))
    throw new InputError(
      `topology: relations[${i}].type ${type} is none of ${RELATION_TYPES.join(', ')}`,
    )
  return {
    from: text(item.from, `topology: relations[${i}].from`),
    to: text(item.to, `topology: relations[${i}].to`),
    type,
  }
}

/** @throws InputError naming what is wrong and where */
export const parseTopology = (json: string): Topology => {
  const object = parseObject(json)
  if (isBad(object)) throw new InputError(`topology: ${object.detail}`)
  return {
    cis: listOf(object.cis, 'topology: cis').map(parseCi),
    relations: listOf(object.relations, 'topology: relations').map(parseRelation),
  }
}

const requiredTime = (value: unknown, what: string): Millis => {
  const at = readTime(value)
  if (at === undefined || Number.isNaN(at)) throw new InputError(`${what} is not a time: ${value}`)
  return at
}

const parseChange = (line: string, place: string): Change => {
  const object = parseObject(line)
  if (isBad(object)) throw new InputError(`${place}: ${object.detail}`)
  const endedAt = object.endedAt ?? undefined
  return {
    id: text(object.id, `${place}: id`),
    ci: text(object.ci, `${place}: ci`),
    type: typeof object.type === 'string' ? object.type.toLowerCase() : 'change',
    summary: typeof object.summary === 'string' ? object.summary : '',
    startedAt: requiredTime(object.startedAt, `${place}: startedAt`),
    ...(endedAt !== undefined && { endedAt: requiredTime(endedAt, `${place}: endedAt`) }),
    ...(typeof object.link === 'string' && { link: object.link }),
  }
}

/**
 * JSON lines, in any order.
 * @returns by start, earliest first
 * @throws InputError naming the line
 */
export const parseChanges = (jsonLines: string): Change[] =>
  jsonLines
    .split('\n')
    .flatMap((line, i) => (line.trim() === '' ? [] : [parseChange(line, `changes line ${i + 1}`)]))
    .sort((a, b) => a.startedAt - b.startedAt)
