// One thing read from the API for as long as a page shows it; what is shown stays while it is reread.
import { useEffect, useState } from 'preact/hooks'
import { get } from '../api/client.ts'
import type { ProblemJson } from '../api/types.ts'

export interface Resource<T> {
  readonly data?: T
  readonly refusal?: ProblemJson
  readonly loading: boolean
  readonly reload: () => void
}

const RETRY_MS = 5_000

interface Reading<T> {
  readonly address: string | undefined
  readonly data?: T
  readonly refusal?: ProblemJson
  readonly loading: boolean
}

/**
 * @param address undefined reads nothing
 * @param trigger a changed value reads again
 */
export const useResource = <T>(address: string | undefined, trigger?: unknown): Resource<T> => {
  const [reading, setReading] = useState<Reading<T>>({ address, loading: true })
  const [round, setRound] = useState(0)
  const reload = (): void => setRound((value) => value + 1)

  useEffect(() => {
    if (address === undefined) return
    const abort = new AbortController()
    let retry: ReturnType<typeof setTimeout> | undefined
    setReading((was) => (was.address === address ? was : { address, loading: true }))
    get<T>(address, abort.signal).then(
      (answer) => {
        if (answer.ok) setReading({ address, data: answer.data, loading: false })
        else setReading((was) => ({ ...was, address, refusal: answer.refusal, loading: false }))
        if (!answer.ok && answer.refusal.status === 0) retry = setTimeout(reload, RETRY_MS)
      },
      () => undefined,
    )
    return () => {
      clearTimeout(retry)
      abort.abort()
    }
  }, [address, trigger, round])

  return reading.address === address
    ? { ...reading, reload }
    : { loading: address !== undefined, reload }
}
