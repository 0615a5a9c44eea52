// The configuration reference, from the schema and from the comments beside the stages' settings.
import { z } from 'zod'
import { defaultCorrelatorSettings } from '../../correlator/settings.ts'
import { defaultIngestSettings } from '../../ingest/settings.ts'
import { configSchema } from './schema.ts'

interface Row {
  readonly path: string
  readonly kind: string
  readonly byDefault: string
  readonly meaning: string
}

/** The part of JSON Schema that zod writes for this configuration. */
interface Node {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: Node | boolean
  readonly items?: Node
  readonly anyOf?: readonly Node[]
  readonly minimum?: number
  readonly maximum?: number
}

const TEXT_MAX = 60

const short = (value: unknown): string => {
  const text = JSON.stringify(value)
  if (text === undefined) return ''
  return text.length <= TEXT_MAX ? `\`${text}\`` : `\`${text.slice(0, TEXT_MAX)}\` …`
}

const kindOf = (node: Node): string => {
  if (node.enum !== undefined) return node.enum.map((each) => `\`${String(each)}\``).join(', ')
  if (node.const !== undefined) return `\`${String(node.const)}\``
  if (node.anyOf !== undefined) return node.anyOf.map(kindOf).join(' or ')
  if (node.type === 'array') return `list of ${kindOf(node.items ?? {})}`
  if (node.type === 'object' && node.properties === undefined) return 'map'
  return node.type ?? 'any'
}

const childrenOf = (node: Node): [string, Node][] => {
  const own = Object.entries(node.properties ?? {})
  const { items, additionalProperties } = node
  if (items?.properties !== undefined)
    own.push(
      ...Object.entries(items.properties).map(
        ([key, each]) => [`[].${key}`, each] as [string, Node],
      ),
    )
  if (typeof additionalProperties === 'object' && additionalProperties.properties !== undefined)
    own.push(
      ...Object.entries(additionalProperties.properties).map(
        ([key, each]) => [`<name>.${key}`, each] as [string, Node],
      ),
    )
  return own
}

const join = (path: string, key: string): string => {
  if (key.startsWith('[]')) return `${path}${key}`
  return path === '' ? key : `${path}.${key}`
}

const rowsOf = (path: string, node: Node): Row[] => {
  const children = childrenOf(node)
  const own: Row[] =
    path === '' || (children.length > 0 && node.description === undefined && node.type === 'object')
      ? []
      : [
          {
            path,
            kind: children.length > 0 && node.type === 'object' ? 'section' : kindOf(node),
            byDefault: children.length > 0 ? '' : short(node.default),
            meaning: node.description ?? '',
          },
        ]
  return [...own, ...children.flatMap(([key, child]) => rowsOf(join(path, key), child))]
}

/** Said in full by the stages' own rows. */
const STAGES = ['ingest', 'correlator']

/** A member of an interface and the comment right before it; a comment holds for those that follow. */
const MEMBER =
  /(?:\/\*\*\s*(?<comment>(?:(?!\*\/)[\s\S])*?)\s*\*\/\s*)?readonly (?<name>\w+)\??: (?<type>[^\n]+)/g

const commentsIn = (source: string): ReadonlyMap<string, string> => {
  const comments = new Map<string, string>()
  for (const { groups } of source.matchAll(MEMBER)) {
    const { comment = '', name } = groups as { comment?: string; name: string }
    const text = comment.replaceAll(/\s*\n\s*\*\s?/g, ' ').trim()
    if (text !== '' && !comments.has(name)) comments.set(name, text)
  }
  return comments
}

const isSection = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const settingRows = (
  path: string,
  settings: object,
  comments: ReadonlyMap<string, string>,
): Row[] =>
  Object.entries(settings).flatMap(([key, value]): Row[] => {
    const at = `${path}.${key}`
    if (isSection(value) && Object.keys(value).length > 0) return settingRows(at, value, comments)
    const kind = Array.isArray(value) ? 'list' : isSection(value) ? 'map' : typeof value
    return [{ path: at, kind, byDefault: short(value), meaning: comments.get(key) ?? '' }]
  })

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

const table = (rows: readonly Row[]): string =>
  [
    '| setting | kind | default | meaning |',
    '|---|---|---|---|',
    ...rows.map(
      ({ path, kind, byDefault, meaning }) =>
        `| \`${cell(path)}\` | ${cell(kind)} | ${cell(byDefault)} | ${cell(meaning)} |`,
    ),
  ].join('\n')

const HEAD = `# Configuration reference

Everything has a default: without a file, \`faultline serve\` listens on 127.0.0.1:8080 and keeps all
it knows in \`.data\`. A YAML file is named by \`--config\` or \`FAULTLINE_CONFIG\`; flags win over the
environment, and that over the file. \`faultline check-config faultline.yaml\` says what is wrong in
it, a line a fault. A secret need not stand in the file: \`!env NAME\` takes it from the environment,
\`!file PATH\` from a file. Durations are whole milliseconds, sizes bytes.

| environment | setting |
|---|---|
| \`KAFKA_BROKERS\` | \`kafka.brokers\`, with commas between them |
| \`FAULTLINE_POSTGRES_URL\` | \`postgres.url\` |
| \`FAULTLINE_CLICKHOUSE_URL\`, \`_USER\`, \`_PASSWORD\`, \`_DATABASE\` | \`clickhouse\` |
| \`FAULTLINE_TOKEN_SHA256\` | one token that may do everything |
| \`FAULTLINE_DATA\`, \`FAULTLINE_LOG_LEVEL\`, \`FAULTLINE_SNS_VERIFY\` | \`data\`, \`logLevel\`, \`senders.snsVerify\` |

This page is written by \`npm run config-reference\`; a test fails where it is not up to date.
`

const SECTIONS: readonly (readonly [string, string, object, readonly string[]])[] = [
  ['Ingest', 'ingest', defaultIngestSettings, ['ingest/settings.ts']],
  [
    'Correlator',
    'correlator',
    defaultCorrelatorSettings,
    ['correlator/settings.ts', 'correlator/heartbeats/settings.ts'],
  ],
]

/** @param read gives the text of a source file, by its path in the repository */
export const configReference = (read: (path: string) => string): string => {
  const root = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as Node
  const rows = rowsOf('', root).filter(({ path }) => !STAGES.includes(path))
  const stages = SECTIONS.map(([title, path, settings, files]) => {
    const comments = commentsIn(files.map(read).join('\n'))
    return `## ${title}\n\n${table(settingRows(path, settings, comments))}\n`
  })
  return [HEAD, `## Program\n\n${table(rows)}\n`, ...stages].join('\n')
}
