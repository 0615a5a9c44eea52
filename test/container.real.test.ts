// The built program as the container has it: nobody's user, no capability, nothing to write but its data.
import { execFileSync, spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  eventually,
  ROOT,
  type Running,
  removeDirectory,
  scratchDirectory,
  start,
} from './support/processes.ts'
import { describeWith } from './support/real.ts'

const MAIN = join(ROOT, 'dist/runtime/cli/main.js')
const USER = 1000
/** Only root may make a namespace of mounts. */
const mayIsolate = spawnSync('unshare', ['--mount', 'true']).status === 0
const NEEDED = mayIsolate ? MAIN : '/the/right/to/make/mount/namespaces'

const READY_WITHIN_MS = 60_000

/**
 * As the image and the manifests have it: every file system is read-only but the data directory
 * and what stands for /tmp; the user is 1000 without capabilities, and cannot gain any.
 */
const isolated = (data: string, scratch: string, command: readonly string[]): string[] => [
  '--mount',
  'sh',
  '-euc',
  `mount --make-rprivate /
   for place in "$1" "$2"; do mount --bind "$place" "$place"; done
   for place in / "$3"; do mount --bind "$place" "$place"; mount -o remount,bind,ro "$place"; done
   for place in "$1" "$2"; do mount --bind "$place" "$place"; mount -o remount,bind,rw "$place"; done
   export TMPDIR="$2" HOME=/nonexistent
   shift 3
   exec setpriv --reuid ${USER} --regid ${USER} --clear-groups --no-new-privs \\
     --bounding-set=-all --inh-caps=-all "$@"`,
  'sh',
  data,
  scratch,
  ROOT,
  ...command,
]

describeWith('the built program, isolated as in its container', NEEDED, () => {
  const directory = scratchDirectory('container')
  const data = join(directory, 'data')
  const scratch = join(directory, 'tmp')
  let running: Running
  let url: string
  const inside = (...args: string[]): string[] =>
    isolated(data, scratch, [process.execPath, ...args])

  beforeAll(async () => {
    for (const path of [data, scratch]) {
      mkdirSync(path, { mode: 0o700 })
      chownSync(path, USER, USER)
    }
    execFileSync('chmod', ['711', directory])
    running = start('unshare', inside(MAIN, 'serve', '--port', '0', '--data', data))
    url = await eventually('the ready line', READY_WITHIN_MS, () => {
      if (running.child.exitCode !== null) throw new Error(running.output())
      return /^Faultline is ready: (\S+)$/m.exec(running.output())?.[1]
    })
  })
  afterAll(async () => {
    await running?.stop()
    removeDirectory(directory)
  })

  test('could not write elsewhere if it wanted to', () => {
    const attempt = `for (const path of ['${ROOT}/x', '/x', '/etc/x', '/var/x'])
      try { require('node:fs').writeFileSync(path, ''); console.log(path) } catch {}
      console.log(process.getuid(), process.getgroups().length)`
    const said = execFileSync('unshare', inside('-e', attempt), { encoding: 'utf8' })
    expect(said.trim()).toBe(`${USER} 1`)
  })

  test('takes an alert and makes its incident, log, desk and facts', async () => {
    const sent = await fetch(`${url}/api/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'DiskFull', severity: 'critical', labels: { host: 'web-1' } }),
    })
    expect(sent.status).toBe(200)
    await eventually('its incident', READY_WITHIN_MS, async () => {
      const answer = await fetch(`${url}/api/v1/incidents`)
      return ((await answer.json()) as { items: object[] }).items[0]
    })
    for (const part of ['log', 'desk', 'facts', 'checkpoints'])
      expect(statSync(join(data, part)).uid, part).toBe(USER)
  })

  test('is found healthy by the command that the image asks', () => {
    const said = execFileSync('unshare', inside(MAIN, 'doctor', '--url', url), { encoding: 'utf8' })
    expect(said).not.toContain('FAILED')
  })

  test('ends in order when it is told to', async () => {
    expect(await running.stop()).toBe(0)
  })
})
