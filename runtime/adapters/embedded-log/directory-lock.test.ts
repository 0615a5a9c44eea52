// One process at a time: the living keep others out, the dead do not.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lockDirectory } from './directory-lock.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'faultline-lock-'))
})
afterEach(() => rm(directory, { recursive: true }))

const locks = async (): Promise<string[]> =>
  (await readdir(directory)).filter((name) => name.startsWith('lock.'))

const readOwner = async () => {
  const [name] = await locks()
  return JSON.parse(await readFile(join(directory, name!), 'utf8'))
}

describe('a directory lock', () => {
  test('is refused while it is held, also within one process', async () => {
    const unlock = await lockDirectory(directory)
    await expect(lockDirectory(directory)).rejects.toThrow('already open')
    await unlock()
    await (await lockDirectory(directory))()
  })

  test('is had by another living process: refused, and told by which', async () => {
    const sleeper = spawn('sleep', ['60'])
    await once(sleeper, 'spawn')
    try {
      await (await lockDirectory(directory))()
      const unlock = await lockDirectory(directory)
      const owner = await readOwner()
      await unlock()
      const stat = await readFile(`/proc/${sleeper.pid}/stat`, 'utf8')
      const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
      await writeFile(
        join(directory, 'lock.9'),
        JSON.stringify({ ...owner, pid: sleeper.pid, startedAt }),
      )
      await expect(lockDirectory(directory)).rejects.toThrow(`process ${sleeper.pid}`)
    } finally {
      sleeper.kill()
      await once(sleeper, 'exit')
    }
    await (await lockDirectory(directory))()
  })

  test.each([
    ['a pid that is gone', { pid: spawnSync('true').pid }],
    ['our pid, of an earlier process', { pid: process.pid, startedAt: '1' }],
    ['another boot of the machine', { boot: 'before' }],
  ])('left behind by %s is taken over', async (_, change) => {
    const unlock = await lockDirectory(directory)
    const owner = await readOwner()
    await unlock()
    await writeFile(join(directory, 'lock.5'), JSON.stringify({ ...owner, ...change }))
    await (await lockDirectory(directory))()
    expect(await locks()).toContain('lock.6')
  })

  test('of another host of this boot is refused: nobody can tell whether it lives', async () => {
    const unlock = await lockDirectory(directory)
    const owner = await readOwner()
    await unlock()
    await writeFile(
      join(directory, 'lock.5'),
      JSON.stringify({ ...owner, host: `not-${hostname()}` }),
    )
    await expect(lockDirectory(directory)).rejects.toThrow('remove')
  })

  test('goes to exactly one of many processes that come at once for a dead one’s', async () => {
    const script = `
      import { lockDirectory } from ${JSON.stringify(new URL('directory-lock.ts', import.meta.url).href)}
      const outcome = await lockDirectory(process.argv[2]).then(() => 'won', () => 'refused')
      process.stdout.write(outcome)
      process.stdin.resume().once('data', () => process.exit())`
    const path = join(directory, 'contender.mts')
    await writeFile(path, script)
    await writeFile(join(directory, 'lock.3'), JSON.stringify({ pid: spawnSync('true').pid }))
    const contenders = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--import', 'tsx', path, directory], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    )
    const outcomes = await Promise.all(
      contenders.map(async ({ stdout }) => String((await once(stdout!, 'data'))[0])),
    )
    for (const { stdin } of contenders) stdin!.end('done')
    await Promise.all(contenders.map((contender) => once(contender, 'exit')))
    expect(outcomes.sort()).toEqual(['refused', 'refused', 'refused', 'refused', 'refused', 'won'])
  })
})
