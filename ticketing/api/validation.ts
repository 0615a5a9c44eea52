// Checks requests against their schemas: bodies as they are, query strings with their types read.

import { Ajv } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'
import { type TSchema, Type } from 'typebox'

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/

const formats = {
  'date-time': (text: string) => ISO_TIME.test(text) && !Number.isNaN(Date.parse(text)),
}

/** A field too many is refused, not dropped: it is usually one that was misspelt. */
const exact = new Ajv({ allErrors: false, formats })
const reading = new Ajv({ allErrors: false, coerceTypes: 'array', useDefaults: true, formats })

export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) =>
  (httpPart === 'body' ? exact : reading).compile(schema)

export const LIMIT_DEFAULT = 50
const LIMIT_MAX = 500
const WORD_MAX = 256

/** A name or an id. The SQL store can hold anything but NUL. */
export const Word = Type.String({ minLength: 1, maxLength: WORD_MAX, pattern: '^[^\\u0000]*$' })

/** The members that every list takes. */
export const paging = {
  limit: Type.Integer({ minimum: 1, maximum: LIMIT_MAX, default: LIMIT_DEFAULT }),
  cursor: Type.Optional(Type.String({ maxLength: 1_024 })),
}

export const queryOf = <P extends Type.TProperties>(properties: P) =>
  Type.Object({ ...properties, ...paging }, { additionalProperties: false })

export const ById = Type.Object({ id: Word })

/** `?status=active` */
export const oneOf = <const Choice extends string>(words: readonly Choice[]) =>
  Type.Optional(Type.Enum<Choice[]>([...words]))

/** `?status=new&status=acknowledged` */
export const anyOf = <const Choice extends string>(words: readonly Choice[]) =>
  Type.Optional(Type.Array(Type.Enum<Choice[]>([...words]), { minItems: 1 }))
