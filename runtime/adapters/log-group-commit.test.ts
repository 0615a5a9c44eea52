// Group commit: one write for all who wait, and nobody waits for who may never come.
import { expect, test } from 'vitest'
import { type Appended, createGroupCommit } from './log-group-commit.ts'

const GROUP_BYTES_MAX = 10
const one: Appended = { entries: [{ value: new Uint8Array(1) }], bytes: 1 }

/** Commits that end when told. */
const createBench = () => {
  const sizes: number[] = []
  const ends: (() => void)[] = []
  let offset = 0
  const commits = createGroupCommit<Appended>(GROUP_BYTES_MAX, async (group) => {
    sizes.push(group.length)
    await new Promise<void>((resolve) => ends.push(resolve))
    offset += group.length
    return offset - group.length
  })
  const appendMany = (count: number) => Array.from({ length: count }, () => commits.append(one))
  const started = (nth: number) => expect.poll(() => ends.length).toBe(nth)
  return { sizes, ends, appendMany, started }
}

test('who appends alone waits for nobody, and appends of one turn share a commit', async () => {
  const { sizes, ends, appendMany, started } = createBench()
  for (const count of [1, 3]) {
    const appended = appendMany(count)
    await started(ends.length + 1)
    ends.at(-1)!()
    await Promise.all(appended)
  }
  expect(sizes).toEqual([1, 3])
})

test('a group waits for those whom the last commit has just answered', async () => {
  const { sizes, ends, appendMany, started } = createBench()
  const [first] = appendMany(1)
  await started(1)
  const waiting = appendMany(3)
  ends[0]!()
  expect(await first).toBe(0)
  const again = appendMany(1)
  await started(2)
  expect(sizes).toEqual([1, 4])
  ends[1]!()
  expect(await Promise.all([...waiting, ...again])).toEqual([1, 2, 3, 4])
})

test('but not for long: they may not come again', async () => {
  const { sizes, ends, appendMany, started } = createBench()
  const many = appendMany(5)
  await started(1)
  ends[0]!()
  await Promise.all(many)
  const alone = appendMany(1)
  await started(2)
  ends[1]!()
  expect(await Promise.all(alone)).toEqual([5])
  expect(sizes).toEqual([5, 1])
})

test('a group is bounded in bytes, and what is beyond it follows in order', async () => {
  const { sizes, ends, appendMany, started } = createBench()
  const many = appendMany(GROUP_BYTES_MAX + 2)
  await started(1)
  ends[0]!()
  await started(2)
  ends[1]!()
  expect(await Promise.all(many)).toEqual(many.map((_, nth) => nth))
  expect(sizes).toEqual([GROUP_BYTES_MAX, 2])
})
