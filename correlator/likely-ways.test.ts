// What holes in the topology likely hide: kinds by label and by name, and what such CIs usually are to each other.
import { expect, test } from 'vitest'
import { createKindGuess } from './kind-guess.ts'
import { createLikelyWays } from './likely-ways.ts'
import type { LiveAlert } from './live-alert.ts'
import { countTokens, isRare } from './scope-world.ts'
import { defaultCorrelatorSettings } from './settings.ts'
import { createTopologyGraph, type TopologyGraph } from './topology-graph.ts'

const PRODUCTS = ['ash', 'elm', 'fir', 'oak', 'yew', 'bay', 'fig', 'nut']
const relation = (from: string, to: string) => ({ from, to, type: 'depends_on' as const })
const ci = (id: string, kind: string) => ({ id, kind, name: id, attributes: {} })

/** Products whose services need their own database; every second one needs the queue as well. */
const graph = createTopologyGraph(
  {
    cis: [
      ci('bus', 'queue'),
      ci('ams-r1-n01', 'host'),
      ci('ams-r1-n02', 'host'),
      ...PRODUCTS.flatMap((name) => [
        ci(`${name}-web`, 'service'),
        ci(`${name}-api`, 'service'),
        ci(`${name}-db`, 'database'),
      ]),
    ],
    relations: PRODUCTS.flatMap((name, i) => [
      relation(`${name}-web`, `${name}-db`),
      relation(`${name}-api`, `${name}-db`),
      ...(i % 2 === 0 ? [relation(`${name}-web`, 'bus')] : []),
    ]),
  },
  50,
)

const waysOf = (of: TopologyGraph) => {
  const tokens = countTokens(of)
  const rare = (token: string): boolean => isRare(tokens.get(token) ?? 0, of.size)
  return createLikelyWays(of, defaultCorrelatorSettings.weights, rare)
}
const alertOn = (name: string, labels: Record<string, string> = {}): LiveAlert =>
  ({ ci: name, node: graph.nodeOf(name), labels }) as unknown as LiveAlert

test.each<[string, Record<string, string>, string | undefined, string]>([
  ['cedar-db', {}, 'database', 'the last part of its name'],
  ['ams-r4-n17', {}, 'host', 'the shape of its name'],
  ['mailer', { component: 'service' }, 'service', 'a label'],
  ['mailer', { source: '/monitors/queue' }, 'queue', 'the end of a path in a label'],
  ['mailer', {}, undefined, 'nothing'],
])('%s with %o is a %s, by %s', (name, labels, kind) => {
  expect(createKindGuess(graph).kindOf(alertOn(name, labels))).toBe(kind)
})

test('a service likely comes from an unknown queue, not from the database of another product', () => {
  const { logOdds } = waysOf(graph)
  const service = alertOn('oak-api')
  const queue = alertOn('other-bus', { component: 'queue' })
  const database = alertOn('cedar-db')
  expect(logOdds(service, queue, false)).toBeGreaterThan(0.5)
  expect(logOdds(service, database, false)).toBeLessThan(0)
})

test('among kin, a service likely comes from the database rather than from its like', () => {
  const { logOdds } = waysOf(graph)
  const service = alertOn('cedar-web')
  expect(logOdds(service, alertOn('cedar-db'), true)).toBeGreaterThan(
    logOdds(service, alertOn('cedar-api'), true),
  )
})

test('without a topology nothing is likelier than anything', () => {
  const none = createTopologyGraph({ cis: [], relations: [] }, 50)
  expect(waysOf(none).logOdds(alertOn('a'), alertOn('b'), false)).toBe(0)
})
