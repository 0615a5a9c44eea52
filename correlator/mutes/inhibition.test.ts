// Inhibition with Alertmanager's semantics, rule by rule.
import { describe, expect, test } from 'vitest'
import { at, play, recordsOf, topologyOf } from '../testing/scenario.ts'
import type { InhibitionRule } from './inhibition.ts'

const rule = (
  source: string,
  target: string,
  equal: readonly string[] = [],
  name = 'rule',
): InhibitionRule => ({ name, sourceMatchers: [source], targetMatchers: [target], equal })

const played = (rules: readonly InhibitionRule[], text: string) =>
  play(recordsOf(text), { settings: { inhibition: rules } })

/** Names of the alerts that are muted, and by which rule. */
const muted = ({ world }: ReturnType<typeof play>): string[] =>
  [...world.alerts.values()]
    .flatMap(({ name, muting = [] }) => muting.map(({ by }) => `${name} ${by}`))
    .sort()

describe('a firing source', () => {
  const rules = [rule('alertname=Down', 'severity=warning', ['host'])]

  test('mutes targets with the same labels, and says which alert did it', () => {
    const given = played(
      rules,
      `00:00 fire Down@db host=h1
       00:10 fire Slow@db host=h1 severity=warning
       00:20 fire Slow@web host=h2 severity=warning
       00:30 fire Full@db host=h1 severity=error`,
    )
    expect(muted(given)).toEqual(['Slow rule'])
    expect(given.world.alert('Slow@db')).toMatchObject({
      muted: 'inhibition',
      muting: [{ text: 'Inhibited by Down on db (rule rule).' }],
    })
  })

  test('mutes what fired before it, and ceases to as it resolves', () => {
    const given = played(rules, '00:00 fire Slow@db host=h1 severity=warning')
    expect(muted(given)).toEqual([])
    given.play(recordsOf('00:10 fire Down@db host=h1'))
    expect(muted(given)).toEqual(['Slow rule'])
    given.play(recordsOf('00:20 resolve Down@db since=00:10 host=h1'))
    expect(muted(given)).toEqual([])
    given.play(recordsOf('00:30 fire Down@db host=h1'))
    expect(muted(given)).toEqual(['Slow rule'])
  })

  test('mutes as long as one of several fires', () => {
    const given = played(
      rules,
      `00:00 fire Down@db host=h1
       00:01 fire Down@web host=h1
       00:10 fire Slow@db host=h1 severity=warning
       00:20 resolve Down@db since=00:00 host=h1`,
    )
    expect(muted(given)).toEqual(['Slow rule'])
    given.play(recordsOf('00:30 resolve Down@web since=00:01 host=h1'))
    expect(muted(given)).toEqual([])
  })

  test('mutes nothing once it has expired by silence', () => {
    const given = played(
      rules,
      `00:00 fire Down@db host=h1 until=05:00
       00:10 fire Slow@db host=h1 severity=warning`,
    )
    expect(muted(given)).toEqual(['Slow rule'])
    given.play(recordsOf('05:01 tick'))
    expect(muted(given)).toEqual([])
  })

  test('is muted itself and still mutes', () => {
    const given = played(
      [
        rule('alertname=A', 'alertname=B', [], 'one'),
        rule('alertname=B', 'alertname=C', [], 'two'),
      ],
      '00:00 fire A@x\n00:01 fire B@x\n00:02 fire C@x',
    )
    expect(muted(given)).toEqual(['B one', 'C two'])
  })
})

describe('labels that must be equal', () => {
  test('are equal where both lack them, and differ where one does', () => {
    const rules = [rule('alertname=Down', 'alertname=Slow', ['zone'])]
    const down = '00:00 fire Down@db'
    expect(muted(played(rules, `${down}\n00:01 fire Slow@web`))).toEqual(['Slow rule'])
    expect(muted(played(rules, `${down} zone=a\n00:01 fire Slow@web`))).toEqual([])
    expect(muted(played(rules, `${down}\n00:01 fire Slow@web zone=a`))).toEqual([])
  })

  test('may be named like a member of every object', () => {
    const rules = [rule('alertname=Down', 'alertname=Slow', ['constructor', '__proto__'])]
    expect(muted(played(rules, '00:00 fire Down@db\n00:01 fire Slow@db'))).toEqual(['Slow rule'])
  })

  test('none at all: every source mutes every target', () => {
    const rules = [rule('alertname=Down', 'alertname=Slow')]
    expect(muted(played(rules, '00:00 fire Down@db\n00:01 fire Slow@web zone=b'))).toEqual([
      'Slow rule',
    ])
  })
})

describe('an alert that matches both sides', () => {
  const rules = [rule('severity=~"critical|error"', 'severity=~"error|warning"', ['host'])]

  test('does not inhibit itself', () => {
    expect(muted(played(rules, '00:00 fire Slow@db host=h severity=error'))).toEqual([])
  })

  test('neither inhibits, nor is inhibited by, another of both sides', () => {
    const text = `00:00 fire Slow@db host=h severity=error
       00:01 fire Full@db host=h severity=error`
    expect(muted(played(rules, text))).toEqual([])
  })

  test('is inhibited by one of the source side alone, and inhibits one of the target side alone', () => {
    const given = played(
      rules,
      `00:00 fire Slow@db host=h severity=error
       00:01 fire Meh@db host=h severity=warning`,
    )
    expect(muted(given)).toEqual(['Meh rule'])
    given.play(recordsOf('00:02 fire Down@db host=h severity=critical'))
    expect(muted(given)).toEqual(['Meh rule', 'Slow rule'])
    given.play(recordsOf('00:03 resolve Down@db host=h severity=critical since=00:02'))
    expect(muted(given)).toEqual(['Meh rule'])
  })
})

describe('what matchers see', () => {
  test('is also the CI that an alert was bound to, as the topology has it', () => {
    const given = play(
      [
        { kind: 'topology', at: at('00:00'), topology: topologyOf('web runs_on host1') },
        ...recordsOf('00:01 fire Down@host1\n00:02 fire Slow@web'),
      ],
      { settings: { inhibition: [rule('ci=host1', 'ci=web')] } },
    )
    expect(muted(given)).toEqual(['Slow rule'])
  })

  test('is the severity as it has become', () => {
    const given = played(
      [rule('severity=critical', 'alertname=Slow')],
      '00:00 fire Slow@web\n00:01 fire Full@db severity=warning',
    )
    expect(muted(given)).toEqual([])
    given.play(recordsOf('00:02 fire Full@db severity=critical since=00:01'))
    expect(muted(given)).toEqual(['Slow rule'])
  })
})
