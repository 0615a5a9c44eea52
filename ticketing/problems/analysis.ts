// How a problem is analysed: the chain of whys, each with its evidence, and what contributed.
import { type Static, Type } from 'typebox'

/** The bones of the fish: where a contributing factor lies. */
export const FISHBONE = [
  'people',
  'process',
  'technology',
  'data',
  'environment',
  'supplier',
] as const

const WHYS_MAX = 10
const FACTORS_MAX = 50
const EVIDENCE_MAX = 20

const closed = <P extends Type.TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

const Sentence = Type.String({ minLength: 1, maxLength: 2_000 })

/** What a sentence rests on: something the desk knows, or a page elsewhere. */
const Evidence = closed({
  kind: Type.Enum(['incident', 'change', 'ci', 'link']),
  /** Id or number; of a link its address, http or https only. */
  ref: Type.String({ minLength: 1, maxLength: 1_024 }),
  note: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
})
export type Evidence = Static<typeof Evidence>

const evidence = Type.Optional(Type.Array(Evidence, { maxItems: EVIDENCE_MAX }))

/** Each part that is given takes the place of what stood there. */
export const Analysis = closed({
  /** In order: each answers why the one before it was so. The last is the root. */
  whys: Type.Optional(
    Type.Array(closed({ why: Sentence, because: Sentence, evidence }), { maxItems: WHYS_MAX }),
  ),
  factors: Type.Optional(
    Type.Array(closed({ category: Type.Enum([...FISHBONE]), text: Sentence, evidence }), {
      maxItems: FACTORS_MAX,
    }),
  ),
})
export type Analysis = Static<typeof Analysis>

const WEB = /^https?:\/\/[^\s]+$/i

export const evidenceOf = ({ whys = [], factors = [] }: Analysis): Evidence[] =>
  [...whys, ...factors].flatMap((each) => each.evidence ?? [])

/** @returns what is wrong with a link, or undefined */
export const linkFault = ({ kind, ref }: Evidence): string | undefined =>
  kind === 'link' && !WEB.test(ref) ? `${ref} is no http or https address` : undefined
