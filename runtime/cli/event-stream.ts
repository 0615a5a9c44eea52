// Server-sent events as they come in: the parts of the format that Faultline's stream uses.

export interface StreamedEvent {
  readonly id: string
  readonly event: string
  readonly data: string
}

/** A frame longer than this is no event of ours. */
const FRAME_LENGTH_MAX = 1024 * 1024

const fieldsOf = (frame: string): Map<string, string> =>
  new Map(
    frame
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )

/**
 * Reads https://html.spec.whatwg.org/multipage/server-sent-events.html without multi-line data.
 * @throws RangeError where a frame never ends
 */
export async function* readEvents(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<StreamedEvent> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true })
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const fields = fieldsOf(text.slice(0, end))
      text = text.slice(end + 2)
      const event = fields.get('event')
      const data = fields.get('data')
      if (event !== undefined && data !== undefined)
        yield { id: fields.get('id') ?? '', event, data }
    }
    if (text.length > FRAME_LENGTH_MAX) throw new RangeError('an event without an end')
  }
}
