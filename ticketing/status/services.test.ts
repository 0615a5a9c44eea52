// What a service is said to be, from what is open and planned around it.
import { expect, test } from 'vitest'
import { HOUR_MS } from '../../domain/time.ts'
import { createGraph } from '../cis/graph.ts'
import { START } from '../testing/records.ts'
import { type Disturbance, overall, type PlannedWork, serviceStates } from './services.ts'

const GRAPH = createGraph({
  cis: [
    { id: 'shop', kind: 'service', name: 'Shop', attributes: {} },
    { id: 'mail', kind: 'service', name: 'Mail', attributes: {} },
    { id: 'db', kind: 'database', name: 'Database', attributes: {} },
  ],
  relations: [{ from: 'shop', to: 'db', type: 'depends_on' }],
})

const trouble = (over: Partial<Disturbance> = {}): Disturbance => ({
  number: 'INC-1',
  title: 'Trouble',
  status: 'new',
  severity: 'critical',
  openedAt: START,
  resolvedAt: null,
  cis: ['db'],
  ...over,
})
const window = (over: Partial<PlannedWork> = {}): PlannedWork => ({
  title: 'Upgrade',
  startsAt: START - HOUR_MS,
  endsAt: START + HOUR_MS,
  cis: ['db'],
  ...over,
})

const states = (troubles: Disturbance[], work: PlannedWork[] = []) =>
  Object.fromEntries(
    serviceStates(GRAPH, ['shop', 'mail'], troubles, work, START).map(({ id, state }) => [
      id,
      state,
    ]),
  )

test.each([
  ['nothing is open', [], [], 'operational'],
  ['it is hit itself, critically', [trouble({ cis: ['shop'] })], [], 'outage'],
  ['it is hit itself, mildly', [trouble({ cis: ['shop'], severity: 'warning' })], [], 'degraded'],
  ['what it needs is hit', [trouble()], [], 'degraded'],
  ['only something is said of it', [trouble({ severity: 'info' })], [], 'operational'],
  ['it is over', [trouble({ status: 'resolved', resolvedAt: START - 1 })], [], 'operational'],
  ['what it needs is worked on as planned', [], [window()], 'maintenance'],
  [
    'the work is yet to come',
    [],
    [window({ startsAt: START + 1, endsAt: START + 2 })],
    'operational',
  ],
  ['the work just ended', [], [window({ endsAt: START })], 'operational'],
  ['it is hit during work', [trouble({ cis: ['shop'] })], [window()], 'outage'],
])('a service of which %s', (_what, troubles, work, state) => {
  expect(states(troubles, work)).toEqual({ shop: state, mail: 'operational' })
})

test('all of it is as bad as its worst part', () => {
  const shown = serviceStates(GRAPH, ['shop', 'mail'], [trouble()], [], START)
  expect([overall(shown), overall([])]).toEqual(['degraded', 'operational'])
})

test('services are shown in the order asked for; unknown ones are not', () => {
  const shown = serviceStates(GRAPH, ['mail', 'gone', 'shop'], [], [], START)
  expect(shown.map(({ id }) => id)).toEqual(['mail', 'shop'])
})

test('what is known of a service is what it suffers from, the worst first', () => {
  const named = (number: string, over: Partial<Disturbance>) => trouble({ number, ...over })
  const troubles = [
    named('INC-1', { severity: 'info', openedAt: START - 3 * HOUR_MS }),
    named('INC-2', { openedAt: START - 2 * HOUR_MS }),
    named('INC-3', { cis: ['shop'], openedAt: START - HOUR_MS }),
  ]
  const [shop] = serviceStates(GRAPH, ['shop'], troubles, [], START)
  expect(shop?.disturbances.map(({ number }) => number)).toEqual(['INC-3', 'INC-2'])
})
