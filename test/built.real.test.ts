// What `npm start` runs: the built program, ready in time, with the console and a first incident.
import { existsSync } from 'node:fs'
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
const READY_WITHIN_MS = 15_000

describeWith('the built program (npm run build)', MAIN, () => {
  const directory = scratchDirectory('built')
  let running: Running
  let url: string

  beforeAll(async () => {
    running = start(process.execPath, [MAIN, 'serve', '--port', '0', '--data', directory])
    url = await eventually(
      'the ready line',
      READY_WITHIN_MS,
      () => /^Faultline is ready: (\S+)$/m.exec(running.output())?.[1],
    )
  })

  afterAll(async () => {
    await running.stop()
    removeDirectory(directory)
  })

  test('serves the console, with nothing that its policy forbids', async () => {
    const page = await fetch(url, { headers: { accept: 'text/html' } })
    const html = await page.text()
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1]
    expect(script).toBeDefined()
    expect((await fetch(url + script)).headers.get('content-type')).toContain('javascript')
    expect(html).not.toMatch(/<script>|style="/)
  })

  test('makes an incident of the README’s first curl', async () => {
    const event = { name: 'DiskFull', severity: 'critical', labels: { host: 'web-1' } }
    const response = await fetch(`${url}/api/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
    })
    expect(response.status).toBe(200)
    const incident = await eventually('its incident', READY_WITHIN_MS, async () => {
      const list = (await (await fetch(`${url}/api/v1/incidents`)).json()) as {
        items: { number: string; title: string }[]
      }
      return list.items[0]
    })
    expect(incident).toMatchObject({ number: 'INC-1', title: 'DiskFull on web-1' })
  })

  test('keeps everything in its data directory', () => {
    for (const part of ['log', 'desk', 'facts', 'checkpoints'])
      expect(existsSync(join(directory, part)), part).toBe(true)
  })
})
