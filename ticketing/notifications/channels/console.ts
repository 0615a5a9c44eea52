// The embedded default: a line on the terminal.
import { z } from 'zod'
import { headline, type Render } from './channel.ts'

export const consoleSettings = z.strictObject({ kind: z.literal('console') })
type ConsoleSettings = z.output<typeof consoleSettings>

export const renderConsole: Render<ConsoleSettings> = (_settings, message) => ({
  kind: 'console',
  text: `${headline(message)}: ${message.text}`,
})
