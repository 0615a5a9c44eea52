// Field mappings: JMESPath expressions compiled once, with what could run away refused.
import { compile, type JSONValue, TreeInterpreter } from '@jmespath-community/jmespath'
import type { FieldMapping } from '../domain/integration.ts'
import { isFields } from './fields.ts'

type Expression = ReturnType<typeof compile>
type Read = (value: unknown) => unknown

/** A mapping ready to be used. None of its functions throws. */
export interface CompiledMapping {
  /** Absent: the body is one item, or an array of them. */
  readonly items?: Read
  readonly name: Read
  readonly status?: Read
  readonly severity?: Read
  readonly summary?: Read
  readonly identity?: readonly Read[]
  readonly startsAt?: Read
  readonly endsAt?: Read
  readonly link?: Read
  readonly labels: readonly (readonly [label: string, read: Read])[]
  readonly resolvedWords?: ReadonlySet<string>
  /** As written, for messages. */
  readonly written: FieldMapping
}

const EXPRESSION_LENGTH_MAX = 512
const EXPRESSIONS_MAX = 80
/**
 * Members of all `[a, b]` and `{a: b}` of one expression: one after the other they multiply, so what
 * comes of it is at most 18 times the body (3 x 3 x 2), and bodies are bounded.
 */
const MEMBERS_MAX = 8

/** Their work and their results are of the order of what they are given, also nested. */
const FUNCTIONS = new Set(
  `abs avg ceil contains ends_with floor from_items items join keys length lower map max max_by
  merge min min_by not_null reverse starts_with sum to_number to_string type upper values`.split(
    /\s+/,
  ),
)

/** Own fields only: these would reach what every object inherits. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype))

interface Node {
  readonly type: string
  readonly name?: unknown
  readonly value?: unknown
  readonly children?: readonly unknown[]
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

const FORBIDDEN: Readonly<Record<string, string>> = {
  Root: '$ could join everything with everything',
  LetExpression: 'let could join everything with everything',
  Variable: 'let could join everything with everything',
}

/** What is wrong with one node, its children not looked at. */
const nodeFault = ({ type, name, value }: Node): string | undefined => {
  if (Object.hasOwn(FORBIDDEN, type)) return FORBIDDEN[type]
  if (type === 'Function' && !FUNCTIONS.has(String(name))) return `${String(name)}() is not known`
  if (type === 'Field' && INHERITED.has(String(name))) return `${String(name)} is no field`
  if (type === 'Literal' && typeof value === 'object' && value !== null)
    return 'literals are text, numbers, booleans or null'
  return undefined
}

const expressionFault = (expression: Expression): string | undefined => {
  const open: unknown[] = [expression]
  let members = 0
  while (open.length > 0) {
    const node = open.pop()
    if (Array.isArray(node)) open.push(...node)
    if (!isNode(node)) continue
    const fault = nodeFault(node)
    if (fault !== undefined) return fault
    if (node.type.startsWith('MultiSelect')) members += node.children?.length ?? 0
    if (members > MEMBERS_MAX) return `at most ${MEMBERS_MAX} members of [] and {} in all`
    if (node.type !== 'Literal') open.push(...Object.values(node))
  }
  return undefined
}

const compiled = (text: string): { read: Read } | { fault: string } => {
  if (text.length > EXPRESSION_LENGTH_MAX)
    return { fault: `at most ${EXPRESSION_LENGTH_MAX} characters` }
  try {
    const expression = compile(text)
    const fault = expressionFault(expression)
    return fault === undefined ? { read: readerOf(expression) } : { fault }
  } catch (error) {
    return { fault: (error as Error).message.slice(0, 200) }
  }
}

/** What cannot be evaluated (a number where text was meant) is absent. */
const readerOf =
  (expression: Expression): Read =>
  (value) => {
    try {
      return TreeInterpreter.search(expression, value as JSONValue) ?? undefined
    } catch {
      return undefined
    }
  }

const ONE = [
  'items',
  'name',
  'status',
  'severity',
  'summary',
  'startsAt',
  'endsAt',
  'link',
] as const
const FIELDS: ReadonlySet<string> = new Set([...ONE, 'identity', 'labels', 'resolvedWords'])

const areTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

/** What keeps it from being a mapping at all, a sentence each. */
const shapeFaults = (value: unknown): string[] => {
  if (!isFields(value)) return ['mapping: must name fields']
  const { identity, labels, resolvedWords } = value
  return [
    ...Object.keys(value)
      .filter((field) => !FIELDS.has(field))
      .map((field) => `${field}: is none of ${[...FIELDS].join(', ')}`),
    ...ONE.filter((field) => value[field] !== undefined && typeof value[field] !== 'string').map(
      (field) => `${field}: must be an expression`,
    ),
    ...(value.name === undefined ? ['name: is needed'] : []),
    ...(isFields(labels) && areTexts(Object.values(labels))
      ? []
      : ['labels: must name an expression for each label']),
    ...(identity === undefined || areTexts(identity) ? [] : ['identity: must list expressions']),
    ...(resolvedWords === undefined || areTexts(resolvedWords)
      ? []
      : ['resolvedWords: must list words']),
  ]
}

export type MappingResult =
  | { readonly kind: 'ok'; readonly mapping: CompiledMapping }
  /** One sentence a fault, beginning with the field. */
  | { readonly kind: 'refused'; readonly faults: readonly string[] }

/** @returns the mapping, or all that is wrong with it; `written` may be anything */
export const compileMapping = (written: FieldMapping): MappingResult => {
  const faults = shapeFaults(written)
  if (faults.length > 0) return { kind: 'refused', faults }
  const read = (field: string, text: string): Read => {
    const result = compiled(text)
    if ('read' in result) return result.read
    faults.push(`${field}: ${result.fault}`)
    return () => undefined
  }
  const { identity = [], labels, resolvedWords } = written
  const count = Object.keys(labels).length + identity.length + ONE.length
  if (count > EXPRESSIONS_MAX)
    return { kind: 'refused', faults: [`labels: at most ${EXPRESSIONS_MAX} expressions in all`] }
  const singles = ONE.flatMap((field) => {
    const text = written[field]
    return text === undefined ? [] : [[field, read(field, text)] as const]
  })
  const mapping: CompiledMapping = {
    ...(Object.fromEntries(singles) as { name: Read }),
    labels: Object.entries(labels).map(
      ([label, text]) => [label, read(`labels.${label}`, text)] as const,
    ),
    written,
    ...(written.identity === undefined
      ? {}
      : { identity: identity.map((text, place) => read(`identity[${place}]`, text)) }),
    ...(resolvedWords === undefined
      ? {}
      : { resolvedWords: new Set(resolvedWords.map((word) => word.toLowerCase())) }),
  }
  return faults.length > 0 ? { kind: 'refused', faults } : { kind: 'ok', mapping }
}
