// Labelled traffic for the evaluation: estates of our own, or a directory of recorded files.
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Change } from '../../domain/change.ts'
import { hash64 } from '../../domain/hash.ts'
import type { Topology } from '../../domain/topology.ts'
import { EMPTY_TOPOLOGY } from '../../domain/topology.ts'
import {
  parseChanges,
  parseDelivery,
  parseTopology,
  type RecordedDelivery,
} from '../../runtime/backtest/inputs.ts'
import { type Label, parseLabels } from '../../runtime/backtest/labels.ts'
import { readLines, readText } from '../../runtime/backtest/read-lines.ts'
import { createEstate, type Estate } from '../estate/estate.ts'
import type { ProfileName } from '../estate/profiles.ts'

/** What truly happened, for judging hints and problems. */
export interface TrueCause {
  readonly incident: string
  readonly root: string
  readonly pattern: string | undefined
  readonly change: string | undefined
}

export interface Traffic {
  readonly name: string
  readonly deliveries: readonly (RecordedDelivery & { readonly line: number })[]
  readonly topology: Topology
  readonly changes: readonly Change[]
  readonly labels: readonly Label[]
  readonly causes: readonly TrueCause[]
}

export const trafficOfEstate = (name: string, estate: Estate): Traffic => ({
  name,
  deliveries: estate.deliveries.map(({ receivedAt, source, payload }, i) => ({
    line: i + 1,
    receivedAt,
    source,
    payload,
    deliveryId: hash64(JSON.stringify(payload)),
  })),
  topology: estate.topology,
  changes: estate.changes,
  labels: estate.deliveries.flatMap(({ truth }, i) =>
    truth.map(({ incident, noise, first }, index) => ({
      line: i + 1,
      index,
      incident,
      noise,
      first,
    })),
  ),
  causes: estate.incidents.map(({ incident, root, pattern, change }) => ({
    incident,
    root,
    pattern,
    change,
  })),
})

export const ownTraffic = (seed: string, profile: ProfileName): Traffic =>
  trafficOfEstate(`${profile}/${seed}`, createEstate(seed, profile))

const existing = (folder: string, ...names: string[]): string | undefined =>
  names.map((name) => join(folder, name)).find((path) => existsSync(path))

const optional = async <T>(
  path: string | undefined,
  read: (text: string) => T,
): Promise<T | undefined> => (path === undefined ? undefined : read(await readText(path)))

const parseCauses = (jsonLines: string): TrueCause[] =>
  jsonLines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { incident, root, pattern, change } = JSON.parse(line)
      return { incident, root, pattern: pattern ?? undefined, change: change ?? undefined }
    })

/** @throws where the folder holds no labelled traffic or a line of it is broken */
export const trafficOfFolder = async (folder: string): Promise<Traffic> => {
  const deliveriesPath = existing(folder, 'deliveries.jsonl.gz', 'deliveries.jsonl')
  const labelsPath = existing(folder, 'truth.csv.gz', 'truth.csv')
  if (deliveriesPath === undefined || labelsPath === undefined)
    throw new Error(`${folder} needs deliveries.jsonl[.gz] and truth.csv[.gz]`)
  const deliveries: (RecordedDelivery & { line: number })[] = []
  let line = 0
  for await (const lines of readLines(deliveriesPath))
    for (const text of lines) {
      line += 1
      const parsed = parseDelivery(text)
      if ('fault' in parsed) throw new Error(`${deliveriesPath} line ${line}: ${parsed.detail}`)
      deliveries.push({ line, ...parsed })
    }
  return {
    name: basename(folder),
    deliveries,
    topology: (await optional(existing(folder, 'topology.json'), parseTopology)) ?? EMPTY_TOPOLOGY,
    changes: (await optional(existing(folder, 'changes.jsonl'), parseChanges)) ?? [],
    labels: parseLabels(await readText(labelsPath)),
    causes: (await optional(existing(folder, 'truth-incidents.jsonl'), parseCauses)) ?? [],
  }
}

/** Folders below `root` (at most two levels down) that hold labelled deliveries. */
export const labelledFolders = (root: string): string[] => {
  const below = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(folder, entry.name))
      .sort()
  return [root, ...below(root), ...below(root).flatMap(below)].filter(
    (folder) =>
      existing(folder, 'deliveries.jsonl.gz', 'deliveries.jsonl') !== undefined &&
      existing(folder, 'truth.csv.gz', 'truth.csv') !== undefined,
  )
}
