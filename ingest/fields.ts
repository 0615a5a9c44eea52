// Reading untrusted parsed JSON: nothing here throws, and absent is undefined.

export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object's fields, or none: so that a chain of look-ups needs no checks. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : NO_FIELDS)

const NO_FIELDS: Fields = Object.freeze(Object.create(null) as Record<string, unknown>)

/** Text as it is, numbers and booleans as text, anything else and "" as undefined. */
export const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value === '' ? undefined : value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return undefined
}

/** The first of several fields that holds text; own fields only. */
export const firstText = (fields: Fields, ...names: readonly string[]): string | undefined => {
  for (const name of names) {
    if (!Object.hasOwn(fields, name)) continue
    const text = textOf(fields[name])
    if (text !== undefined) return text
  }
  return undefined
}

/** Only the fields that are text, a number or a boolean. */
export const textFields = (value: unknown): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fieldsOf(value)).filter(([, field]) => textOf(field) !== undefined),
  )

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** A body that is one item or an array of them. */
export const itemsOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : [value]

/** JSON inside a string, as several tools send it; undefined where it is none. */
export const jsonInside = (value: unknown): unknown => {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/** `key:value` or `key=value` words, as a list or separated by commas. */
export const pairsOf = (value: unknown): Record<string, string> => {
  const words = typeof value === 'string' ? value.split(',') : listOf(value)
  const pairs: [string, string][] = []
  for (const word of words.slice(0, PAIRS_MAX)) {
    const text = textOf(word)?.trim()
    const at = text?.search(/[:=]/) ?? -1
    if (text !== undefined && at > 0)
      pairs.push([text.slice(0, at).trim(), text.slice(at + 1).trim()])
  }
  return Object.fromEntries(pairs)
}

/** Enough for the label limit to refuse or cut what is beyond it. */
const PAIRS_MAX = 1_000
