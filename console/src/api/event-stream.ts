// Server-sent events as text/event-stream writes them, bytes in, events out.

export interface ServerEvent {
  readonly id: string
  readonly event: string
  readonly data: string
}

/** An event may not grow beyond this; the connection is dropped where one does. */
const EVENT_CHARACTERS_MAX = 4_000_000

/**
 * A parser that takes text in any cuts.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export const createEventParser = (onEvent: (event: ServerEvent) => void) => {
  let rest = ''
  let id = ''
  let event = ''
  let data: string[] = []

  const dispatch = (): void => {
    if (data.length > 0) onEvent({ id, event: event || 'message', data: data.join('\n') })
    event = ''
    data = []
  }

  const takeField = (line: string): void => {
    const colon = line.indexOf(':')
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1))
    if (name === 'data') data.push(value)
    else if (name === 'event') event = value
    else if (name === 'id' && !value.includes('\0')) id = value
  }

  return (text: string): void => {
    rest += text
    if (rest.length > EVENT_CHARACTERS_MAX) throw new RangeError('an event is too long')
    // A lone CR at the end may be half of a CRLF: it waits for what follows.
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) line === '' ? dispatch() : takeField(line)
  }
}
