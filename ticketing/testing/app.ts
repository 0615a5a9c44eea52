// The desk's API on a real Fastify, its commands applied as the ticketing role would apply them.
import { clearTimeout, setTimeout } from 'node:timers'
import Fastify, { type FastifyInstance } from 'fastify'
import type { CommandRecord } from '../../domain/records.ts'
import { deskRoutes } from '../api/routes.ts'
import { type CommandGateOptions, createCommandGate } from '../commands/gate.ts'
import { createDesk, type Desk } from '../desk.ts'
import type { DeskSettings } from '../settings.ts'
import type { DeskDatabase } from '../store/database.ts'
import { from, START } from './records.ts'

export interface DeskApp {
  readonly app: FastifyInstance
  readonly desk: Desk
  /** As the runtime does with a tick: nobody waits for an answer. */
  append(command: CommandRecord): Promise<void>
  /** Commands in the order in which they came. */
  readonly commands: CommandRecord[]
  /** The correlator says this. */
  say(...records: unknown[]): Promise<void>
  /** What the clock shows from now on. */
  setTime(at: number): void
  close(): Promise<void>
}

export const startDeskApp = async (
  database: DeskDatabase,
  options: {
    settings?: Partial<DeskSettings>
    gate?: Partial<CommandGateOptions>
    /** Who asks; default ada. */
    actor?: () => string
  } = {},
): Promise<DeskApp> => {
  const { settings, gate: gateOptions } = options
  const desk = createDesk({ database, ...(settings ? { settings } : {}) })
  const commands: CommandRecord[] = []
  const after = (delayMs: number, call: () => void) => {
    const timer = setTimeout(call, delayMs)
    return () => clearTimeout(timer)
  }
  const append = async (command: CommandRecord): Promise<void> => {
    const offset = commands.push(command) - 1
    await desk.apply({ topic: 'commands', partition: 0, next: offset + 1 }, from(offset, command))
  }
  const gate = createCommandGate({
    append,
    result: desk.result,
    after,
    ...gateOptions,
  })
  desk.onApplied(gate.applied)
  let time = START + 60_000
  let ids = 0
  let said = 0
  const app = Fastify()
  app.decorateRequest('actor', '')
  app.addHook('onRequest', async (request) => {
    request.actor = options.actor?.() ?? 'ada'
  })
  await app.register(
    deskRoutes({
      desk,
      submit: gate.submit,
      clock: { now: () => time },
      newId: () => `id-${++ids}`,
      after,
    }),
  )
  return {
    app,
    desk,
    append,
    commands,
    async say(...records) {
      const offset = said
      said += records.length
      await desk.apply({ topic: 'incidents', partition: 0, next: said }, from(offset, ...records))
    },
    setTime(at) {
      time = at
    },
    close: () => app.close(),
  }
}
