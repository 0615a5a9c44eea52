// What this installation can do, in its own words: the paths of its API description.
import { signal } from '@preact/signals'
import { get } from './client.ts'

const KEPT_KEY = 'faultline.capabilities'

const keptPaths = (): ReadonlySet<string> | undefined => {
  const kept = localStorage.getItem(KEPT_KEY)
  return kept === null ? undefined : new Set(kept.split(' '))
}

/** `POST /api/v1/incidents/{}/merge`; undefined until known. */
const operations = signal<ReadonlySet<string> | undefined>(undefined)

interface Description {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** Names of parameters are the server's own affair; slashes at the end mean nothing. */
const normalise = (path: string): string => path.replace(/\{[^}]*\}/g, '{}').replace(/\/$/, '')

const operationsOf = (description: Description): Set<string> =>
  new Set(
    Object.entries(description.paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()}\u00a0${normalise(path)}`),
    ),
  )

/** Remembered between visits, so that the navigation does not grow while it is being read. */
export const readCapabilities = async (): Promise<void> => {
  operations.value = keptPaths()
  const answer = await get<Description>('/openapi.json')
  if (!answer.ok) return
  const found = operationsOf(answer.data)
  localStorage.setItem(KEPT_KEY, [...found].join(' '))
  operations.value = found
}

/** @param operation e.g. `POST /api/v1/incidents/{}/merge` */
export const can = (operation: string): boolean =>
  operations.value?.has(operation.replace(' ', '\u00a0')) ?? false
