// What a configuration of the correlator is refused for, and how that is said.
import { expect, test } from 'vitest'
import { type CorrelatorSettings, defaultCorrelatorSettings } from './settings.ts'
import { correlatorFaults } from './settings-check.ts'

const faults = (over: object) =>
  correlatorFaults({ ...defaultCorrelatorSettings, ...over } as CorrelatorSettings).join('; ')

const inhibits = (over: object = {}) => ({
  inhibition: [
    { name: 'r', sourceMatchers: ['a=b'], targetMatchers: ['c=d'], equal: ['host'], ...over },
  ],
})

test('the defaults are fine, and so is a rule of each kind', () => {
  expect(faults({})).toBe('')
  expect(faults(inhibits())).toBe('')
  expect(
    faults({ openRules: [{ name: 'r', matchers: ['{a="b",c=~"d.*"}'], opens: 'never' }] }),
  ).toBe('')
})

test.each<[string, object, RegExp]>([
  ['a severity that is none', { openSeverityMin: 'mild' }, /^openSeverityMin: /],
  [
    'a severity of a rule',
    { openRules: [{ name: 'r', matchers: ['a=b'], severityMin: 'x' }] },
    /^openRules.0.severityMin/,
  ],
  ['a time below zero', { openAfterMs: -1 }, /^openAfterMs: must be a number from 0$/],
  ['a problem after one incident', { recurrencesMin: 1 }, /^recurrencesMin: /],
  ['a switch that is neither', { autoPause: true }, /^autoPause: /],
  [
    'an edge found silent between two of its ticks',
    { heartbeats: { edgeSilenceMaxMs: 4_000 } },
    /^heartbeats.edgeSilenceMaxMs: /,
  ],
  [
    'text that is no matcher',
    inhibits({ sourceMatchers: ['nonsense'] }),
    /^inhibition, rule r: nonsense: expected/,
  ],
  [
    'a pattern that RE2 refuses',
    inhibits({ targetMatchers: ['a=~"(?=x)"'] }),
    /^inhibition, rule r: error parsing/,
  ],
  [
    'FAULTS 20: a rule without matchers, which would match everything',
    inhibits({ targetMatchers: [] }),
    /^inhibition.0.targetMatchers/,
  ],
  ['a field that is misspelt', inhibits({ equals: ['host'] }), /equals/],
  ['a rule without a name', { openRules: [{ matchers: ['a=b'] }] }, /^openRules.0.name/],
  [
    'two rules of one name',
    { inhibition: [...inhibits().inhibition, ...inhibits().inhibition] },
    /two rules called r/,
  ],
])('%s is refused', (_what, over, said) => {
  expect(faults(over)).toMatch(said)
})
