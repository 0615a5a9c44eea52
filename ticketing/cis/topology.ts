// The topology that people import: checked as a whole, compared with what is known, replaced.
import { and, eq, gt, isNull, lte, or, sql } from 'drizzle-orm'
import { Type } from 'typebox'
import type { Millis } from '../../domain/time.ts'
import type { Ci, Relation, Topology } from '../../domain/topology.ts'
import { EMPTY_TOPOLOGY, RELATION_TYPES } from '../../domain/topology.ts'
import type { Command } from '../commands/command.ts'
import { refuse } from '../commands/outcome.ts'
import { type DeskSql, insertRows } from '../store/database.ts'
import { cis, relations } from '../store/schema.ts'
import type { Work } from '../work.ts'
import { assetFaults } from './assets.ts'
import { cycleFaults } from './cycles.ts'

const CIS_MAX = 100_000
const RELATIONS_MAX = 400_000
const FAULTS_SHOWN_MAX = 20

const Id = Type.String({ minLength: 1, maxLength: 256 })

export const CiBody = Type.Object(
  {
    id: Id,
    kind: Type.String({ minLength: 1, maxLength: 64 }),
    name: Type.String({ minLength: 1, maxLength: 256 }),
    attributes: Type.Record(Type.String(), Type.String({ maxLength: 1_024 })),
  },
  { additionalProperties: false },
)

const RelationBody = Type.Object(
  { from: Id, to: Id, type: Type.Enum([...RELATION_TYPES]) },
  { additionalProperties: false },
)

export const TopologyBody = Type.Object(
  {
    cis: Type.Array(CiBody, { maxItems: CIS_MAX }),
    relations: Type.Array(RelationBody, { maxItems: RELATIONS_MAX }),
  },
  { additionalProperties: false },
)

const relationKey = ({ from, to, type }: Relation): string => JSON.stringify([from, type, to])

/** What makes no sense in a topology, one sentence each: doubled ids, loose ends, self-relations. */
export const topologyFaults = ({ cis, relations }: Topology): string[] => {
  const faults: string[] = []
  const ids = new Set<string>()
  for (const { id } of cis) {
    if (ids.has(id)) faults.push(`CI ${id} is there twice`)
    ids.add(id)
  }
  const seen = new Set<string>()
  for (const relation of relations) {
    const { from, to, type } = relation
    const key = relationKey(relation)
    if (from === to) faults.push(`${from} ${type} itself`)
    if (seen.has(key)) faults.push(`${from} ${type} ${to} is there twice`)
    seen.add(key)
    for (const end of [from, to])
      if (!ids.has(end)) faults.push(`${from} ${type} ${to}: there is no CI ${end}`)
  }
  faults.push(...cycleFaults(relations), ...cis.flatMap(assetFaults))
  return faults.slice(0, FAULTS_SHOWN_MAX)
}

export interface TopologyDifference {
  readonly added: readonly Ci[]
  readonly changed: readonly Ci[]
  readonly removed: readonly Ci[]
  readonly relationsAdded: readonly Relation[]
  readonly relationsRemoved: readonly Relation[]
}

const sameCi = (a: Ci, b: Ci): boolean =>
  a.kind === b.kind && a.name === b.name && sameLabels(a.attributes, b.attributes)

const sameLabels = (a: Ci['attributes'], b: Ci['attributes']): boolean => {
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
  )
}

export const compareTopologies = (before: Topology, after: Topology): TopologyDifference => {
  const known = new Map(before.cis.map((ci) => [ci.id, ci]))
  const wanted = new Map(after.cis.map((ci) => [ci.id, ci]))
  const knownRelations = new Map(before.relations.map((each) => [relationKey(each), each]))
  const wantedRelations = new Map(after.relations.map((each) => [relationKey(each), each]))
  return {
    added: after.cis.filter(({ id }) => !known.has(id)),
    changed: after.cis.filter((ci) => {
      const old = known.get(ci.id)
      return old !== undefined && !sameCi(old, ci)
    }),
    removed: before.cis.filter(({ id }) => !wanted.has(id)),
    relationsAdded: [...wantedRelations].flatMap(([key, each]) =>
      knownRelations.has(key) ? [] : [each],
    ),
    relationsRemoved: [...knownRelations].flatMap(([key, each]) =>
      wantedRelations.has(key) ? [] : [each],
    ),
  }
}

/** The topology as it is now, or as it was at an instant: what was valid then. */
export const readTopology = async (tx: DeskSql, at?: Millis): Promise<Topology> => {
  const valid = (table: typeof cis | typeof relations) =>
    at === undefined
      ? eq(table.current, true)
      : and(lte(table.validFrom, at), or(isNull(table.validTo), gt(table.validTo, at)))
  const ciRows = await tx.select().from(cis).where(valid(cis))
  const relationRows = await tx.select().from(relations).where(valid(relations))
  if (ciRows.length === 0) return EMPTY_TOPOLOGY
  return {
    cis: ciRows.map(({ id, kind, name, attributes }) => ({ id, kind, name, attributes })),
    relations: relationRows.map(({ from, to, type }) => ({ from, to, type })),
  }
}

/** As one parameter, however many there are. */
const idText = (cis: readonly { readonly id: string }[]): string =>
  JSON.stringify(cis.map(({ id }) => id))

/** Ends what is no longer so and begins what is, at one instant; the past stays as it was. */
const writeDifference = async (
  tx: DeskSql,
  { added, changed, removed, relationsAdded, relationsRemoved }: TopologyDifference,
  at: Millis,
): Promise<void> => {
  const ended = { current: false, validTo: at }
  const begun = { current: true, validFrom: at, validTo: null }
  await tx
    .update(cis)
    .set(ended)
    .where(
      and(
        eq(cis.current, true),
        sql`${cis.id} in (select json_array_elements_text(${idText([...changed, ...removed])}::json))`,
      ),
    )
  for (const { from, to, type } of relationsRemoved)
    await tx
      .update(relations)
      .set(ended)
      .where(
        and(
          eq(relations.current, true),
          eq(relations.from, from),
          eq(relations.to, to),
          eq(relations.type, type),
        ),
      )
  // Two imports within one millisecond: the second replaces the first.
  await insertRows(
    tx,
    cis,
    [...added, ...changed].map((ci) => ({ ...ci, ...begun })),
    { replaceBy: [cis.id, cis.validFrom] },
  )
  await insertRows(
    tx,
    relations,
    relationsAdded.map((relation) => ({ ...relation, ...begun })),
    { replaceBy: [relations.from, relations.to, relations.type, relations.validFrom] },
  )
}

export const counts = (difference: TopologyDifference) => ({
  added: difference.added.length,
  changed: difference.changed.length,
  removed: difference.removed.length,
  relationsAdded: difference.relationsAdded.length,
  relationsRemoved: difference.relationsRemoved.length,
})

/** Makes `topology` what is true from `at` on, and tells every correlator. */
const replaceTopology = async (
  work: Work,
  known: Topology,
  topology: Topology,
  at: Millis,
): Promise<ReturnType<typeof counts>> => {
  const difference = compareTopologies(known, topology)
  await writeDifference(work.sql, difference, at)
  work.next('topology')
  work.broadcast({ kind: 'topology', at, topology })
  return counts(difference)
}

const importTopology: Command = {
  body: TopologyBody,
  async apply(work, { body, at, target }) {
    const topology = body as unknown as Topology
    const faults = topologyFaults(topology)
    if (faults.length > 0) return { outcome: refuse('invalid', faults.join('; ')) }
    const result = await replaceTopology(work, await readTopology(work.sql), topology, at)
    return { outcome: { kind: 'applied', target, result }, before: {}, after: result }
  },
}

/** What was discovered and a person has confirmed joins the topology. */
const adoptCi: Command = {
  body: CiBody,
  async apply(work, { body, at }) {
    const ci = body as unknown as Ci
    const known = await readTopology(work.sql)
    const topology = { ...known, cis: [...known.cis, ci] }
    const faults = topologyFaults(topology)
    if (faults.length > 0) return { outcome: refuse('invalid', faults.join('; ')) }
    await replaceTopology(work, known, topology, at)
    return { outcome: { kind: 'applied', target: ci.id }, before: {}, after: ci }
  },
}

export const ciCommands = (): [string, Command][] => [
  ['topology.import', importTopology],
  ['ci.adopt', adoptCi],
]
