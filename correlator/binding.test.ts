// CI binding: which label names the CI, in which spelling, and what a hole in the topology leaves.
import { describe, expect, test } from 'vitest'
import type { Labels } from '../domain/event.ts'
import { bindCi } from './binding.ts'
import { defaultCorrelatorSettings } from './settings.ts'
import { topologyOf } from './testing/scenario.ts'
import { createTopologyGraph } from './topology-graph.ts'

const graph = createTopologyGraph(topologyOf('web depends_on db-1\ndb-1 runs_on lon2-n04'), 50)
const empty = createTopologyGraph({ cis: [], relations: [] }, 50)
const bind = (labels: Labels, text = '', on = graph) =>
  bindCi(labels, text, defaultCorrelatorSettings.ciLabels, on)

describe('a CI is found', () => {
  test.each<[string, Labels, string]>([
    ['by the service label', { service: 'web' }, 'web'],
    ['whatever the case', { service: 'WEB' }, 'web'],
    ['by an instance without its port', { instance: 'lon2-n04:9100' }, 'lon2-n04'],
    ['by a host without its domain', { host: 'lon2-n04.example.com' }, 'lon2-n04'],
    ['by a pod, as the service that owns it', { pod: 'web-5ee0c9933-bd52c' }, 'web'],
    ['by the service before the host it runs on', { host: 'lon2-n04', service: 'web' }, 'web'],
    ['by the host where the service is not known', { service: 'x', host: 'lon2-n04' }, 'lon2-n04'],
  ])('%s', (_, labels, ci) => {
    expect(bind(labels)).toEqual({ ci, node: graph.nodeOf(ci) })
  })

  test('by a word of the summary, where no label names any', () => {
    expect(bind({ team: 'a' }, 'Replication of db-1 lags').ci).toBe('db-1')
  })
})

describe('a hole in the topology', () => {
  test('leaves the name that the label gave', () => {
    expect(bind({ service: 'ledger' })).toEqual({ ci: 'ledger', node: -1 })
  })

  test('is not filled with whatever the summary mentions', () => {
    expect(bind({ service: 'ledger' }, 'ledger cannot reach web').ci).toBe('ledger')
  })

  test('two pods of one unknown owner have one name', () => {
    expect(bind({ pod: 'cart-5ee0c9933-bd52c' }, '', empty).ci).toBe('cart')
    expect(bind({ pod: 'cart-5ee0c9933-x9k2p' }, '', empty).ci).toBe('cart')
  })
})

test('nothing that names a CI binds to none', () => {
  expect(bind({ team: 'a' }, 'something is wrong')).toEqual({ ci: undefined, node: -1 })
})
