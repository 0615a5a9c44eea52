// A dead letter once more: as it is, or read as another tool's or by another mapping, tried first.
import { useState } from 'preact/hooks'
import { can } from '../../api/capabilities.ts'
import { post } from '../../api/client.ts'
import type { DeadLetterView, DryRunView } from '../../api/types.ts'
import { say } from '../../state/toasts.ts'
import { plural } from '../../text/counts.ts'

interface Reading {
  readonly source?: string
  readonly mapping?: unknown
}

/** @throws SyntaxError where the mapping is not JSON */
const readingOf = (form: HTMLFormElement): Reading => {
  const data = new FormData(form)
  const source = String(data.get('source') ?? '').trim()
  const mapping = String(data.get('mapping') ?? '').trim()
  return {
    ...(source !== '' && { source }),
    ...(mapping !== '' && { mapping: JSON.parse(mapping) as unknown }),
  }
}

const outcomeText = ({ events, refused }: DryRunView): string => {
  const [first] = refused
  const taken = `${plural(events.length, 'event')} would be taken`
  return first === undefined ? `${taken}.` : `${taken}; refused: ${first.detail}`
}

interface LetterReplayProps {
  readonly letter: DeadLetterView
  readonly onDone: () => void
}

export const LetterReplay = ({ letter, onDone }: LetterReplayProps) => {
  const [told, setTold] = useState('')
  const attempt = async (form: HTMLFormElement, forGood: boolean): Promise<void> => {
    let reading: Reading
    try {
      reading = readingOf(form)
    } catch {
      setTold('The mapping is not JSON.')
      return
    }
    if (!forGood) {
      const asked = { source: letter.source, ...reading, body: letter.payload }
      const answer = await post<DryRunView>('/api/v1/integrations/dry-run', asked)
      setTold(answer.ok ? outcomeText(answer.data) : answer.refusal.detail)
      return
    }
    const path = `/api/v1/dead-letters/${encodeURIComponent(letter.id)}/replay`
    const answer = await post(path, reading)
    if (answer.ok) say('It was delivered once more.')
    else say(answer.refusal.detail, 'bad')
    onDone()
  }
  if (!can('POST /api/v1/dead-letters/{}/replay') || letter.position !== undefined) return null
  const id = (name: string): string => `${name}-${letter.id}`
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        void attempt(event.currentTarget, true)
      }}
    >
      <div class="field">
        <label htmlFor={id('source')}>Read it as (empty: {letter.source})</label>
        <input id={id('source')} name="source" />
      </div>
      <div class="field">
        <label htmlFor={id('mapping')}>By this mapping, as JSON (optional)</label>
        <textarea
          id={id('mapping')}
          name="mapping"
          rows={3}
          placeholder='{"name": "title", "labels": {"host": "node"}}'
        />
      </div>
      <p role="status">{told}</p>
      <span class="inline">
        {can('POST /api/v1/integrations/dry-run') && (
          <button
            type="button"
            onClick={(event) => {
              const { form } = event.currentTarget
              if (form !== null) void attempt(form, false)
            }}
          >
            Try it
          </button>
        )}
        <button type="submit" class="primary">
          Deliver it again
        </button>
      </span>
    </form>
  )
}
