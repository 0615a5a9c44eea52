// Live changes: the stream, resumed where it broke off; plain polling where there is none.
import { signal } from '@preact/signals'
import { keepTimeWith } from '../clock.ts'
import { parseShown } from '../text/shown.ts'
import { authorization, signInNeeded } from './client.ts'
import { createEventParser } from './event-stream.ts'
import type { StreamEvent } from './types.ts'

/** How fresh what is on the screen is. */
export type Liveness = 'connecting' | 'live' | 'polling' | 'offline'

export const liveness = signal<Liveness>('connecting')

const STREAM_PATH = '/api/v1/stream'
const RETRY_MIN_MS = 1_000
const RETRY_MAX_MS = 15_000
/** Silence after which a connection counts as dead: proxies drop them without a word. */
const SILENCE_MAX_MS = 60_000
const POLL_MS = 5_000

export interface LiveSubscriber {
  changed(event: StreamEvent): void
  /** Changes may have been missed, or there is no stream: read the newest page again. */
  refresh(): Promise<boolean>
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

interface Position {
  lastEventId: string
}

/** Reads one connection to its end. @returns whether it ever carried events */
const readStream = async (position: Position, subscriber: LiveSubscriber): Promise<boolean> => {
  const abort = new AbortController()
  let silence = setTimeout(() => abort.abort(), SILENCE_MAX_MS)
  try {
    const response = await fetch(STREAM_PATH, {
      signal: abort.signal,
      cache: 'no-store',
      headers: {
        accept: 'text/event-stream',
        ...authorization(),
        ...(position.lastEventId !== '' && { 'last-event-id': position.lastEventId }),
      },
    })
    if (response.status === 401) signInNeeded.value = true
    const type = response.headers.get('content-type') ?? ''
    if (!response.ok || response.body === null || !type.startsWith('text/event-stream')) {
      await response.body?.cancel()
      return false
    }
    liveness.value = 'live'
    keepTimeWith(response.headers.get('date'))
    // What happened between the page's first read and now is in the list, not in the stream.
    if (position.lastEventId === '') void subscriber.refresh()
    const parse = createEventParser(({ id, event, data }) => {
      if (id !== '') position.lastEventId = id
      if (event === 'incident' || event === 'problem')
        subscriber.changed({ event, data: parseShown(data) } as StreamEvent)
    })
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return true
      clearTimeout(silence)
      silence = setTimeout(() => abort.abort(), SILENCE_MAX_MS)
      parse(value)
    }
  } catch {
    return liveness.value === 'live'
  } finally {
    clearTimeout(silence)
  }
}

const waitUntilSignedIn = (): Promise<void> =>
  new Promise((resolve) => {
    const stop = signInNeeded.subscribe((needed) => {
      if (needed) return
      queueMicrotask(() => stop())
      resolve()
    })
  })

/** Runs for as long as the page does. */
export const followChanges = async (subscriber: LiveSubscriber): Promise<never> => {
  const position: Position = { lastEventId: '' }
  let retryMs = RETRY_MIN_MS
  for (;;) {
    const worked = await readStream(position, subscriber)
    await waitUntilSignedIn()
    if (worked) {
      liveness.value = 'connecting'
      retryMs = RETRY_MIN_MS
    } else {
      const reachable = await subscriber.refresh()
      liveness.value = reachable ? 'polling' : 'offline'
      retryMs = reachable ? POLL_MS : Math.min(retryMs * 2, RETRY_MAX_MS)
    }
    await wait(retryMs)
  }
}
