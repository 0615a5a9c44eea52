// What to say when the server does not give what a page needs.
import type { ProblemJson } from '../api/types.ts'

const WORDS: Readonly<Record<number, string>> = {
  0: 'The server does not answer. This page tries again by itself.',
  401: 'The server wants a token first.',
  403: 'This token may not see that.',
  404: 'This installation has nothing here.',
}

interface RefusalProps {
  readonly refusal: ProblemJson
  readonly what: string
}

export const Refusal = ({ refusal, what }: RefusalProps) => (
  <div class="notice" role="status">
    <h2>No {what} to show</h2>
    <p>{WORDS[refusal.status] ?? refusal.detail}</p>
  </div>
)
