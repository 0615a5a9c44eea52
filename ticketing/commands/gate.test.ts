// How a person's wish waits for its answer: in this process, in another, or longer than one waits.
import { describe, expect, test } from 'vitest'
import { aCommand } from '../testing/records.ts'
import { type AppliedCommand, commandDigest } from './apply.ts'
import { type CommandGateOptions, createCommandGate } from './gate.ts'

/** A gate on virtual time: `pass` lets it go by. */
const setUp = (over: Partial<CommandGateOptions> = {}) => {
  const stored = new Map<string, AppliedCommand>()
  const appended: string[] = []
  const timers = new Set<{ dueIn: number; call: () => void }>()
  const gate = createCommandGate({
    append: async ({ id }) => void appended.push(id),
    result: async (id) => stored.get(id),
    after: (dueIn, call) => {
      const timer = { dueIn, call }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    pollMs: 100,
    waitMaxMs: 1_000,
    ...over,
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    gate,
    stored,
    appended,
    timers,
    settle,
    async pass(ms: number) {
      for (let passed = 0; passed < ms; passed += 100) {
        for (const timer of [...timers]) {
          timer.dueIn -= 100
          if (timer.dueIn > 0) continue
          timers.delete(timer)
          timer.call()
        }
        await settle()
      }
    },
  }
}

const command = aCommand()
const applied: AppliedCommand = {
  id: command.id,
  digest: commandDigest(command),
  outcome: { kind: 'applied', target: 'i1', version: 2 },
}

describe('a command at the gate', () => {
  test('is answered as soon as the desk has applied it, and leaves no timer behind', async () => {
    const { gate, settle, timers } = setUp()
    const answer = gate.submit(command)
    await settle()
    gate.applied([applied])
    expect(await answer).toEqual(applied.outcome)
    expect(timers.size).toBe(0)
  })

  test('applied by another process, is found in the store', async () => {
    const { gate, stored, pass, settle } = setUp()
    const answer = gate.submit(command)
    await settle()
    stored.set(command.id, applied)
    await pass(100)
    expect(await answer).toEqual(applied.outcome)
  })

  test('not applied in time, is answered as accepted', async () => {
    const { gate, pass, timers } = setUp()
    const answer = gate.submit(command)
    await pass(1_200)
    expect(await answer).toEqual({ kind: 'accepted', commandId: command.id })
    expect(timers.size).toBe(0)
  })

  test('sent again, is not appended again and has the first answer', async () => {
    const { gate, stored, appended } = setUp()
    stored.set(command.id, applied)
    expect(await gate.submit({ ...command, at: command.at + 5 })).toEqual(applied.outcome)
    expect(appended).toEqual([])
  })

  test('a key used for something else is refused', async () => {
    const { gate, stored } = setUp()
    stored.set(command.id, applied)
    for (const other of [
      { ...command, actor: 'eve' },
      { ...command, target: 'i2' },
      { ...command, body: { note: 'x' } },
    ])
      expect(await gate.submit(other)).toMatchObject({ kind: 'refused', reason: 'key-reused' })
  })

  test('two with one key at one time: both wait, each with its own right to the answer', async () => {
    const { gate, settle } = setUp()
    const first = gate.submit(command)
    const second = gate.submit({ ...command, target: 'i2' })
    await settle()
    gate.applied([applied])
    expect(await first).toEqual(applied.outcome)
    expect(await second).toMatchObject({ reason: 'key-reused' })
  })

  test('one too many at a time is told to come back', async () => {
    const { gate, settle } = setUp({ waitersMax: 1 })
    const first = gate.submit(command)
    await settle()
    expect(await gate.submit({ ...command, id: 'c2' })).toEqual({ kind: 'busy' })
    gate.applied([applied])
    await first
    const third = gate.submit({ ...command, id: 'c3' })
    await settle()
    gate.applied([{ ...applied, id: 'c3' }])
    expect(await third).toMatchObject({ kind: 'applied' })
  })

  test('what the log does not take is an error for the caller, and nobody waits', async () => {
    const { gate, timers } = setUp({
      append: async () => {
        throw new Error('disk full')
      },
    })
    await expect(gate.submit(command)).rejects.toThrow('disk full')
    expect(timers.size).toBe(0)
  })
})
