// Whether the parts of the installation work: /readyz says so, also when it answers 503.
import { useEffect, useState } from 'preact/hooks'

interface PartState {
  readonly status: string
  readonly detail?: string
}

const ASK_MS = 15_000

const isParts = (value: unknown): value is { parts: Record<string, PartState> } =>
  typeof value === 'object' && value !== null && 'parts' in value

/** Undefined until the server has answered. */
export const useReadiness = (): Readonly<Record<string, PartState>> | undefined => {
  const [parts, setParts] = useState<Readonly<Record<string, PartState>>>()
  useEffect(() => {
    const ask = async (): Promise<void> => {
      try {
        const body: unknown = await (await fetch('/readyz')).json()
        if (isParts(body)) setParts(body.parts)
      } catch {
        setParts({ server: { status: 'failed', detail: 'It does not answer.' } })
      }
    }
    void ask()
    const timer = setInterval(() => void ask(), ASK_MS)
    return () => clearInterval(timer)
  }, [])
  return parts
}
