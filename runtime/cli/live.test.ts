// `send`, `tail` and `dry-run`: one event from the shell, seen live, and a mapping tried offline.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { startFaultline } from '../../test/support/faultline.ts'
import { registerDryRun } from './dry-run.ts'
import { readEvents } from './event-stream.ts'
import { eventOf, registerSend } from './send.ts'
import { fits, lineOf, registerTail } from './tail.ts'

const directory = mkdtempSync(join(tmpdir(), 'faultline-live-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** The command as `main.ts` runs it, in this process; what it says, and what it throws. */
const faultline = async (...args: string[]): Promise<{ said: string; error?: Error }> => {
  const said: string[] = []
  const keep = (text: string | Uint8Array): boolean => said.push(String(text)) > 0
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation(keep)
  const program = new Command().exitOverride().configureOutput({ writeErr: keep, writeOut: keep })
  for (const register of [registerSend, registerTail, registerDryRun]) register(program)
  for (const command of program.commands)
    command.exitOverride().configureOutput({ writeErr: keep, writeOut: keep })
  try {
    await program.parseAsync(['node', 'faultline', ...args])
    return { said: said.join('') }
  } catch (error) {
    return { said: said.join(''), error: error as Error }
  } finally {
    spy.mockRestore()
  }
}
const file = (name: string, text: string): string => {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

test('what is sent from the shell is followed from the shell, and only what was asked for', async () => {
  const serving = await startFaultline({ data: join(directory, 'data') })
  try {
    const at = ['--url', serving.url]
    for (const severity of ['info', 'critical']) {
      const about = ['--severity', severity, '--label', `host=${severity}`, '--summary', 'full']
      const sent = await faultline('send', 'DiskFull', ...at, ...about)
      expect(sent).toEqual({ said: 'taken: DiskFull is firing\n' })
    }
    const { said } = await faultline(
      'tail',
      ...at,
      '--from',
      '0',
      '--severity',
      'error',
      '--count',
      '1',
    )
    expect(said).toMatch(
      /^\d\d:\d\d:\d\d {2}incident {2}INC-\d+ .*critical.* DiskFull on critical\n$/,
    )
  } finally {
    await serving.stop()
  }
}, 90_000)

describe('faultline send', () => {
  const flags = { url: '', label: [] }
  test('makes one event of its flags', () => {
    const event = eventOf(
      'BackupFailed',
      { ...flags, label: ['host=db-1', 'note=a=b'], severity: 'error', key: 'k', expires: '10m' },
      0,
    )
    expect(event).toEqual({
      name: 'BackupFailed',
      status: 'firing',
      severity: 'error',
      labels: { host: 'db-1', note: 'a=b' },
      dedupKey: 'k',
      startsAt: '1970-01-01T00:00:00.000Z',
      endsAt: '1970-01-01T00:10:00.000Z',
    })
  })

  test.each([
    [['send', 'X', '--label', 'nothing'], /name=value/],
    [['send', 'X', '--expires', 'soon'], /90s, 10m or 2h/],
    [['send', 'X', '--severity', 'bad'], /critical, error, warning, info/],
    [['send', '--help'], /Examples:/],
    [['tail', '--count', 'x'], /whole number/],
    [['tail', '--url', 'http://127.0.0.1:9'], /is `faultline serve` running there/],
  ])('%j says why', async (args, expected) => {
    const { said, error } = await faultline(...args)
    expect(said + error?.message).toMatch(expected)
    expect(error).toBeDefined()
  })
})

describe('faultline tail', () => {
  const ticket = { number: 'INC-7', title: 'Disk full on \u001b[31mdb-1', severity: 'error' }

  test.each([
    [{}, true],
    [{ kind: 'incident' }, true],
    [{ kind: 'problem' }, false],
    [{ severity: 'error' as const }, true],
    [{ severity: 'critical' as const }, false],
    [{ status: 'new' }, false],
    [{ match: 'DISK FULL' }, true],
    [{ match: 'inc-8' }, false],
  ])('with %j shows an error of no state: %s', (flags, expected) => {
    expect(fits('incident', ticket, { url: '', ...flags })).toBe(expected)
  })

  test('shows text of alerts without obeying it', () => {
    expect(lineOf('incident', { ...ticket, alertCount: 3, priority: 'P2' }, new Date(0))).toBe(
      '00:00:00  incident  INC-7  P2 error  3 alerts  Disk full on \\u001b[31mdb-1',
    )
  })

  test('reads events however their bytes are cut', async () => {
    const text =
      'retry: 2000\n\nid: 4\nevent: incident\ndata: {"a":"\u00fc: x"}\n\n: alive\n\nid: 5\nevent: x\ndata: 1\n\n'
    const cut = async function* () {
      for (const byte of new TextEncoder().encode(text)) yield new Uint8Array([byte])
    }
    const events = []
    for await (const event of readEvents(cut())) events.push(event)
    expect(events).toEqual([
      { id: '4', event: 'incident', data: '{"a":"\u00fc: x"}' },
      { id: '5', event: 'x', data: '1' },
    ])
  })
})

describe('faultline dry-run', () => {
  const body = file('body.json', '{"list":[{"check":"Disk","where":"db-1"},{"where":"db-2"}]}')
  const mapping = file('mapping.yaml', 'items: list\nname: check\nlabels: { host: where }\n')

  test('shows what would come of a body, and fails where not all of it is taken', async () => {
    const { said } = await faultline('dry-run', body, '--mapping', mapping)
    const { exitCode } = process
    process.exitCode = 0
    expect(said).toBe(
      'status  severity  name  labels\nfiring  warning   Disk  {"host":"db-1"}\n' +
        'refused item 1: name-missing: nothing at check\n',
    )
    expect(exitCode).toBe(1)
  })

  test.each([
    ['a mapping that cannot be used', [body, '--mapping', file('bad.yaml', 'name: a[')], /labels/],
    ['no such source', [body, '--source', 'nope'], /is none of alertmanager/],
    ['no such file', ['/nope.json'], /nope\.json/],
  ])('says so of %s', async (_what, args, expected) => {
    const { said, error } = await faultline('dry-run', ...args)
    process.exitCode = 0
    expect(said + error?.message).toMatch(expected)
  })
})
