// A catalogue item's JSON Schema as the fields of a form.
import type { Field } from '../../parts/fields.tsx'

interface Property {
  readonly type?: unknown
  readonly title?: unknown
  readonly description?: unknown
  readonly enum?: unknown
  readonly format?: unknown
  readonly maxLength?: unknown
  readonly default?: unknown
}

const LINE_LENGTH_MAX = 200

const kindOf = (property: Property): Field['kind'] => {
  if (Array.isArray(property.enum)) return 'choice'
  if (property.type === 'boolean') return 'flag'
  if (property.type === 'number' || property.type === 'integer') return 'number'
  if (property.type === 'array') return 'list'
  if (property.format === 'date-time') return 'time'
  return Number(property.maxLength ?? 0) > LINE_LENGTH_MAX ? 'text' : 'line'
}

const textOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' ? value : otherwise

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** Whatever the schema says beyond these fields, the server checks. */
export const fieldsOfSchema = (schema: unknown): Field[] => {
  if (!isRecord(schema) || !isRecord(schema.properties)) return []
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  return Object.entries(schema.properties).map(([name, property]): Field => {
    const known: Property = isRecord(property) ? property : {}
    const label = textOr(known.title, textOr(known.description, name))
    return {
      name,
      kind: kindOf(known),
      label: required.has(name) ? label : `${label} (optional)`,
      required: required.has(name),
      value: known.default === undefined ? '' : String(known.default),
      ...(Array.isArray(known.enum) && { choices: known.enum.map(String) }),
    }
  })
}
