// Thousands of seeded lives of the pipeline: whatever goes wrong, nothing is lost, doubled or changed.
import { describe, expect, test } from 'vitest'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import { createDesk, type Desk } from '../../ticketing/desk.ts'
import type { SimulatedLog } from './log.ts'
import { type Outcome, simulate } from './run.ts'

/** More of them: `FAULTLINE_SEEDS=5000 npx vitest run test/simulation`. */
const SEEDS = Number(process.env.FAULTLINE_SEEDS ?? 2_000)
const DESK_SEEDS = Math.ceil(SEEDS / 100)
/** One of them, to look into: prints what happened. */
const ONLY = process.env.FAULTLINE_ONLY_SEED

const reproduce = (seed: string): string =>
  `FAULTLINE_ONLY_SEED=${seed} npx vitest run test/simulation`

const judge = (
  seed: string,
  { violations, trace }: Outcome,
  more: readonly string[] = [],
): void => {
  const broken = [...violations, ...more]
  if (broken.length === 0) return
  const story = ONLY === undefined ? '' : `\n${trace.join('\n')}`
  expect.fail(`${broken.slice(0, 5).join('\n')}\nAgain: ${reproduce(seed)}${story}`)
}

const seedsOf = (kind: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${kind}-${index}`).filter(
    (seed) => ONLY === undefined || seed === ONLY,
  )

/** What the desk holds, as people see it. */
const ticketsOf = async (desk: Desk): Promise<unknown[]> => {
  const { items } = await desk.queries.listIncidents({}, 200)
  return [...items].sort((a, b) => a.id.localeCompare(b.id))
}

/** A desk that reads the same topic in one go, in peace. */
const calmTickets = async (log: SimulatedLog): Promise<unknown[]> => {
  const database = await openPgliteDesk({})
  const desk = createDesk({ database })
  const records = log.stored('incidents').map(({ offset, value }) => ({
    offset,
    record: JSON.parse(Buffer.from(value).toString('utf8')) as unknown,
  }))
  const place = { topic: 'incidents', partition: 0, next: records.length } as const
  await desk.apply(place, records)
  const tickets = await ticketsOf(desk)
  await database.close()
  return tickets
}

/** Of every four lives one is that of two correlators that share three partitions. */
const partitionsOf = (index: number): number => (index % 4 === 3 ? 3 : 1)

describe('the pipeline in a world that misbehaves by seed', () => {
  test('tells what an undisturbed run tells, and loses and doubles nothing', async () => {
    let [faults, deaths, told] = [0, 0, 0]
    for (const seed of seedsOf('life', SEEDS)) {
      const outcome = await simulate(seed, { partitions: partitionsOf(Number(seed.slice(5))) })
      judge(seed, outcome)
      faults += outcome.faults
      deaths += outcome.deaths
      told += outcome.log.stored('incidents').length
    }
    // A simulation in which nothing happens would show nothing.
    if (ONLY === undefined) expect(Math.min(faults, deaths, told)).toBeGreaterThan(SEEDS / 4)
  }, 180_000)

  test('the desk holds the tickets that a desk in peace holds', async () => {
    for (const seed of seedsOf('desk', DESK_SEEDS)) {
      const database = await openPgliteDesk({})
      const desk = createDesk({ database })
      const outcome = await simulate(seed, { desk })
      const same =
        JSON.stringify(await ticketsOf(desk)) === JSON.stringify(await calmTickets(outcome.log))
      judge(seed, outcome, same ? [] : ['the tickets differ'])
      await database.close()
    }
  }, 180_000)
})
