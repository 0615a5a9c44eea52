// A drawing of the topology shows every CI once, and the same topology always the same way.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RelationView } from '../api/types.ts'
import { edgeKey, isWaypoint, layOut } from './layers.ts'
import { neighbourhoodOf } from './neighbourhood.ts'

const edge = (text: string) => {
  const [from = '', to = ''] = text.split('>')
  return { from, to }
}

const graphs = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 0, max: 11 })), {
    maxLength: 30,
  })
  .map((pairs) => ({
    ids: Array.from({ length: 12 }, (_, i) => `ci-${i}`),
    edges: pairs.filter(([a, b]) => a !== b).map(([a, b]) => ({ from: `ci-${a}`, to: `ci-${b}` })),
  }))

describe('layers', () => {
  test('what is needed lies below what needs it', () => {
    const { rows } = layOut(['web', 'api', 'db'], [edge('web>api'), edge('api>db'), edge('web>db')])
    expect(rows.map((row) => row.filter((id) => !isWaypoint(id)))).toEqual([
      ['web'],
      ['api'],
      ['db'],
    ])
  })

  test('an edge that passes a row has a waypoint there', () => {
    const { rows, routes } = layOut(['a', 'b', 'c'], [edge('a>b'), edge('b>c'), edge('a>c')])
    const via = routes.get(edgeKey(edge('a>c')))
    expect(via).toHaveLength(1)
    expect(rows[1]).toContain(via?.[0])
  })

  test('every CI is placed once, whatever the graph, and the order given does not matter', () =>
    fc.assert(
      fc.property(graphs, ({ ids, edges }) => {
        const { rows } = layOut(ids, edges)
        expect(
          rows
            .flat()
            .filter((id) => !isWaypoint(id))
            .toSorted(),
        ).toEqual(ids.toSorted())
        expect(layOut(ids.toReversed(), edges).rows).toEqual(rows)
      }),
    ))

  test('no row is wider than asked, waypoints aside', () =>
    fc.assert(
      fc.property(graphs, ({ ids, edges }) => {
        for (const row of layOut(ids, edges, 3).rows)
          expect(row.filter((id) => !isWaypoint(id)).length).toBeLessThanOrEqual(3)
      }),
    ))
})

const depends = (...texts: string[]): RelationView[] =>
  texts.map((text) => ({ ...edge(text), type: 'depends_on' }))

describe('the part of the topology that an incident touches', () => {
  test('a CI that ties two of its CIs is drawn, one that hangs on a single one is not', () => {
    const found = neighbourhoodOf(['a', 'b'], depends('a>x', 'b>x', 'b>y', 'a>x'))
    expect(found.ids).toEqual(['a', 'b', 'x'])
    expect(found.relations).toEqual(depends('a>x', 'b>x'))
  })

  test('a lone CI is drawn with all its neighbours', () =>
    expect(neighbourhoodOf(['a'], depends('a>x', 'y>a')).ids).toEqual(['a', 'x', 'y']))
})
