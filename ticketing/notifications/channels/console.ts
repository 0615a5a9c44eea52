// The embedded default: a line on the terminal.
import { headline, type Render } from './channel.ts'

export interface ConsoleSettings {
  readonly kind: 'console'
}

export const renderConsole: Render<ConsoleSettings> = (_settings, message) => ({
  kind: 'console',
  text: `${headline(message)}: ${message.text}`,
})
