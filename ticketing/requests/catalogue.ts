// The catalogue: what can be asked for, with which form, whose approval, which tasks.
import { Ajv } from 'ajv'
import type { Millis } from '../../domain/time.ts'

export interface CatalogueItem {
  readonly id: string
  readonly title: string
  readonly description: string
  /** JSON Schema of the form's values; fields that it does not name are refused. */
  readonly form: {
    readonly properties: Readonly<Record<string, object>>
    readonly required?: readonly string[]
  }
  /** Any one of these approves; empty = no approval is needed. */
  readonly approvers: readonly string[]
  /** What is to be done once approved, in this order. */
  readonly tasks: readonly string[]
  readonly team?: string
  /** Business time until it is fulfilled. */
  readonly targetMs: Millis
  /** Name of a calendar, or `always`. */
  readonly calendar: string
}

export interface Catalogue {
  readonly items: readonly CatalogueItem[]
  item(id: string): CatalogueItem | undefined
  /** @returns what is wrong with the values, or undefined */
  fault(id: string, values: unknown): string | undefined
}

const VALUES_CHARACTERS_MAX = 16_384

/** @throws Error when a form is no JSON Schema, or two items share an id */
export const createCatalogue = (items: readonly CatalogueItem[]): Catalogue => {
  const ajv = new Ajv({ allErrors: false, strict: true })
  const entries = items.map(
    (item) =>
      [
        item.id,
        {
          item,
          fits: ajv.compile({ type: 'object', additionalProperties: false, ...item.form }),
        },
      ] as const,
  )
  const byId = new Map(entries)
  if (byId.size !== items.length) throw new Error('two catalogue items share an id')
  return {
    items,
    item: (id) => byId.get(id)?.item,
    fault(id, values) {
      const entry = byId.get(id)
      if (entry === undefined) return `the catalogue has no ${id}`
      if (JSON.stringify(values).length > VALUES_CHARACTERS_MAX) return 'the form is too long'
      if (entry.fits(values)) return undefined
      const [error] = entry.fits.errors ?? []
      return `${error?.instancePath || 'the form'} ${error?.message ?? 'does not fit'}`
    },
  }
}
