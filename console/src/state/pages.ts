// A keyset list read page by page, as most pages show one.
import { useEffect, useRef, useState } from 'preact/hooks'
import { get } from '../api/client.ts'
import type { Page, ProblemJson } from '../api/types.ts'

const PAGE_SIZE = 100
const RETRY_MS = 5_000

export interface Pages<T> {
  readonly items: readonly T[]
  readonly loading: boolean
  readonly refusal?: ProblemJson | undefined
  /** Absent on the last page. */
  readonly readMore?: () => void
}

interface Reading<T> {
  readonly items: readonly T[]
  readonly cursor?: string | undefined
  readonly loading: boolean
  readonly refusal?: ProblemJson
}

const START = { items: [], loading: true } as const

const withCursor = (address: string, cursor: string | undefined): string => {
  const separator = address.includes('?') ? '&' : '?'
  const more = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`
  return `${address}${separator}limit=${PAGE_SIZE}${more}`
}

/**
 * @param address path and query without limit and cursor
 * @param trigger a changed value reads the first page again
 */
export const usePages = <T>(address: string, trigger?: unknown): Pages<T> => {
  const [reading, setReading] = useState<Reading<T>>(START)
  const [round, setRound] = useState(0)
  const generation = useRef(0)

  const read = async (cursor?: string): Promise<void> => {
    const mine = generation.current
    const answer = await get<Page<T>>(withCursor(address, cursor))
    if (mine !== generation.current) return
    if (!answer.ok) {
      setReading((was) => ({ ...was, loading: false, refusal: answer.refusal }))
      if (answer.refusal.status === 0) setTimeout(() => setRound((value) => value + 1), RETRY_MS)
      return
    }
    const { items, nextCursor } = answer.data
    setReading((was) => ({
      items: cursor === undefined ? items : [...was.items, ...items],
      cursor: nextCursor,
      loading: false,
    }))
  }

  useEffect(() => {
    generation.current += 1
    void read()
    return () => {
      generation.current += 1
    }
  }, [address, trigger, round])

  const { cursor, ...rest } = reading
  if (cursor === undefined || reading.loading) return rest
  return {
    ...rest,
    readMore: () => {
      setReading((was) => ({ ...was, loading: true }))
      void read(cursor)
    },
  }
}
