// Sends what a list's buttons and forms ask for, says what was refused, and reads the list again.
import { useState } from 'preact/hooks'
import { type Answer, post, send } from '../api/client.ts'
import { say } from './toasts.ts'

export interface Sending {
  /** Changes with every answer: a trigger for reading again. */
  readonly round: number
  readonly tell: <T>(address: string, body?: unknown, done?: (data: T) => void) => void
  readonly remove: (address: string) => void
  readonly change: (address: string, body: unknown) => void
}

const JSON_HEADERS = { accept: 'application/json', 'content-type': 'application/json' }

export const useSending = (): Sending => {
  const [round, setRound] = useState(0)
  const settle = async <T>(answer: Promise<Answer<T>>, done?: (data: T) => void): Promise<void> => {
    const settled = await answer
    if (!settled.ok) say(settled.refusal.detail, 'bad')
    else done?.(settled.data)
    setRound((value) => value + 1)
  }
  return {
    round,
    tell: <T>(address: string, body: unknown = {}, done?: (data: T) => void) =>
      void settle(post<T>(address, body), done),
    remove: (address) => void settle(send(address, { method: 'DELETE' })),
    change: (address, body) =>
      void settle(
        send(address, { method: 'PATCH', body: JSON.stringify(body), headers: JSON_HEADERS }),
      ),
  }
}
