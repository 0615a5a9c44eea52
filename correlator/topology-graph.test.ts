// Ways a fault can take: towards effects, towards causes, round a common cause, never by a collider.
import { expect, test } from 'vitest'
import { topologyOf } from './testing/scenario.ts'
import { createTopologyGraph } from './topology-graph.ts'

const graph = createTopologyGraph(
  topologyOf(`
    web depends_on api
    shop depends_on api
    api depends_on db
    api depends_on queue
    pod part_of api
  `),
  50,
)
const way = (from: string, to: string) => graph.between(graph.nodeOf(from), graph.nodeOf(to))

test('what a CI needs lies on a way towards causes', () => {
  expect(way('web', 'db')).toMatchObject({ hops: 2, turns: false, falls: false })
})

test('what needs a CI lies on a way towards effects', () => {
  expect(way('db', 'web')).toMatchObject({ hops: 2, turns: false, falls: true })
})

test('two dependants of one thing are tied by it, at the price of a turn', () => {
  expect(way('web', 'shop')).toMatchObject({ hops: 2, turns: true })
  expect(way('web', 'shop')!.cost).toBeGreaterThan(way('web', 'db')!.cost)
})

test('two things that one needs say nothing about each other', () => {
  expect(way('db', 'queue')).toBeUndefined()
})

test('a whole and its parts pull each other down', () => {
  expect(way('pod', 'api')?.hops).toBe(1)
  expect(way('api', 'pod')?.hops).toBe(1)
})

test('a way is said in words', () => {
  const say = (from: string, to: string) => graph.describe(graph.nodeOf(from), graph.nodeOf(to))
  expect(say('web', 'api')).toBe('web depends on api.')
  expect(say('api', 'web')).toBe('web depends on api.')
  expect(say('web', 'db')).toBe('web and db are 2 steps apart, by api.')
})

test('the more hang on a silent common cause, the less it ties', () => {
  const cost = (users: number): number => {
    const lines = Array.from({ length: users }, (_, i) => `user-${i} depends_on dns`).join('\n')
    const hub = createTopologyGraph(topologyOf(lines), 200)
    return hub.between(hub.nodeOf('user-0'), hub.nodeOf('user-1'))!.cost
  }
  expect(cost(30)).toBeGreaterThan(cost(2))
})

test('what only relations name ties what they name it for', () => {
  const holed = createTopologyGraph(
    {
      cis: ['web', 'shop'].map((id) => ({ id, kind: 'service', name: id, attributes: {} })),
      relations: ['web', 'shop'].map((from) => ({ from, to: 'DB', type: 'depends_on' as const })),
    },
    50,
  )
  expect(holed.between(holed.nodeOf('web'), holed.nodeOf('db'))).toMatchObject({ hops: 1 })
  expect(holed.between(holed.nodeOf('web'), holed.nodeOf('shop'))).toMatchObject({ turns: true })
  expect(holed.topology.cis).toHaveLength(2)
})
