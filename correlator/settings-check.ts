// What in the correlator's settings makes no sense, found before it starts.
import { z } from 'zod'
import { SEVERITIES } from '../domain/severity.ts'
import { HOUR_MS, SECOND_MS } from '../domain/time.ts'
import { compileRule } from './mutes/inhibition.ts'
import { compileOpenRule } from './opening.ts'
import type { CorrelatorSettings } from './settings.ts'

const name = z.string().min(1).max(200)
const matchers = z.array(z.string().max(65_536)).min(1).max(32)

const openRule = z.strictObject({
  name,
  matchers,
  opens: z.enum(['when-due', 'never']).optional(),
  severityMin: z.enum(SEVERITIES).optional(),
  afterMs: z.number().int().min(0).optional(),
})

const inhibitionRule = z.strictObject({
  name,
  sourceMatchers: matchers,
  targetMatchers: matchers,
  equal: z.array(name).max(32).optional(),
})

/** The edge says at least every 5 s that it listens (`heartbeats.edgeTickMs`). */
const EDGE_SILENCE_MIN_MS = 10 * SECOND_MS

const policies = z.object({
  heartbeats: z.object({ edgeSilenceMaxMs: z.number().min(EDGE_SILENCE_MIN_MS) }),
  openSeverityMin: z.enum(SEVERITIES),
  recurrencesMin: z.number().int().min(2),
  recurrenceWindowMs: z.number().min(HOUR_MS),
  autoPause: z.enum(['on', 'off']),
  autoPauseShareMin: z.number().min(0).max(1),
  openRules: z.array(openRule).max(1_000),
  inhibition: z.array(inhibitionRule).max(1_000),
})

const messageOf = (call: () => unknown): string | undefined => {
  try {
    call()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** Of what compiles one by one: texts that are no matchers, patterns that are none, names used twice. */
const ruleFaults = <R extends { readonly name: string }>(
  section: string,
  rules: readonly R[],
  compile: (rule: R) => unknown,
): string[] => {
  const seen = new Set<string>()
  return rules.flatMap((rule) => {
    const twice = seen.has(rule.name) ? [`${section}: there are two rules called ${rule.name}`] : []
    seen.add(rule.name)
    const fault = messageOf(() => compile(rule))
    return fault === undefined ? twice : [...twice, `${section}, rule ${rule.name}: ${fault}`]
  })
}

const AMOUNT = /(Ms|Max)$/

/** One sentence each. */
export const correlatorFaults = (settings: CorrelatorSettings): readonly string[] => {
  const amounts = Object.entries(settings).flatMap(([key, value]) =>
    AMOUNT.test(key) && !(typeof value === 'number' && Number.isFinite(value) && value >= 0)
      ? [`${key}: must be a number from 0`]
      : [],
  )
  const parsed = policies.safeParse(settings)
  if (!parsed.success)
    return [
      ...amounts,
      ...parsed.error.issues.map((each) => `${each.path.join('.')}: ${each.message}`),
    ]
  return [
    ...amounts,
    ...ruleFaults('openRules', settings.openRules, compileOpenRule),
    ...ruleFaults('inhibition', settings.inhibition, compileRule),
  ]
}
