// The incident list as this browser knows it: pages read, changes heard, one row per incident.
import { batch, computed, signal } from '@preact/signals'
import { get } from '../api/client.ts'
import type { IncidentSummary, Page, ProblemJson } from '../api/types.ts'
import { compareBy, type Filter, matches, STATUSES } from './filters.ts'

/** Rows kept in memory; older ones are found by filter on the server. */
export const INCIDENTS_MAX = 10_000
const PAGE_SIZE = 200

export interface ListState {
  readonly loading: boolean
  /** More pages lie on the server. */
  readonly more: boolean
  readonly refusal?: ProblemJson
}

const byId = new Map<string, IncidentSummary>()
/** Grows with every change of the map: a Map itself cannot be observed. */
const revision = signal(0)
/** Shown by the present view although they match no longer: rows do not vanish underneath. */
const kept = new Set<string>()
const cursors = new Map<string, string | undefined>()

export const listState = signal<ListState>({ loading: true, more: false })
export const filter = signal<Filter | undefined>(undefined)

/** Versions count what people did; between two of those the newest event decides. */
const isNewer = (incident: IncidentSummary): boolean => {
  const known = byId.get(incident.id)
  if (known === undefined || incident.version > known.version) return true
  return incident.version === known.version && incident.lastEventAt >= known.lastEventAt
}

const forgetOldest = (): void => {
  if (byId.size <= INCIDENTS_MAX) return
  const excess = [...byId.values()].sort(compareBy('oldest')).slice(0, byId.size - INCIDENTS_MAX)
  for (const { id } of excess) byId.delete(id)
}

/** Ignores what is older than what is known. */
export const takeIncidents = (incidents: readonly IncidentSummary[]): void => {
  let taken = 0
  for (const incident of incidents) {
    if (!isNewer(incident)) continue
    byId.set(incident.id, incident)
    taken += 1
  }
  if (taken === 0) return
  forgetOldest()
  revision.value += 1
}

/** All that this browser knows, whatever the list shows. */
export const knownIncidents = (): readonly IncidentSummary[] => {
  revision.value
  return [...byId.values()]
}

export const rows = computed<readonly IncidentSummary[]>(() => {
  revision.value
  const wanted = filter.value
  if (wanted === undefined) return []
  const found: IncidentSummary[] = []
  for (const incident of byId.values()) {
    if (matches(wanted, incident)) kept.add(incident.id)
    else if (!kept.has(incident.id)) continue
    found.push(incident)
  }
  return found.sort(compareBy(wanted.order))
})

/** Rows that are only there because they were. */
export const staleCount = computed(() => {
  const wanted = filter.value
  return wanted === undefined ? 0 : rows.value.filter((row) => !matches(wanted, row)).length
})

export const dropStale = (): void => {
  kept.clear()
  revision.value += 1
}

/** Every status: the server is not asked to tell them apart. */
const isEvery = (statuses: ReadonlySet<string>): boolean => statuses.size >= STATUSES.length

/** What the server can filter by; the browser filters again, by all there is. */
const serverQuery = (wanted: Filter): string => {
  const parts = new URLSearchParams({ limit: String(PAGE_SIZE) })
  if (!isEvery(wanted.statuses)) for (const word of wanted.statuses) parts.append('status', word)
  for (const word of wanted.severities) parts.append('severity', word)
  for (const word of wanted.priorities) parts.append('priority', word)
  if (wanted.scope !== '') parts.set('scope', wanted.scope)
  if (wanted.assignee !== '') parts.set('assignee', wanted.assignee)
  if (wanted.words.length > 0) parts.set('q', wanted.words.join(' '))
  return parts.toString()
}

/** The query that the list on the screen was read with. */
let openQuery: string | undefined

const readPage = async (base: string, cursor?: string): Promise<void> => {
  const more = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`
  const answer = await get<Page<IncidentSummary>>(`/api/v1/incidents?${base}${more}`)
  batch(() => {
    if (answer.ok) {
      takeIncidents(answer.data.items)
      cursors.set(base, answer.data.nextCursor)
    }
    if (base !== openQuery) return
    listState.value = answer.ok
      ? { loading: false, more: answer.data.nextCursor !== undefined }
      : { loading: false, more: false, refusal: answer.refusal }
  })
  // What only the browser filters by may have left too little to fill the screen.
  if (base === openQuery && rows.value.length < PAGE_SIZE / 4) await readMore()
}

/** While somebody types, the server is asked when they pause. */
const PAUSE_MS = 150

let asking: ReturnType<typeof setTimeout> | undefined

/** Shows what fits the filter; asks the server where it was not asked the same just before. */
export const openView = (wanted: Filter): void => {
  const base = serverQuery(wanted)
  const first = openQuery === undefined
  const asked = base === openQuery && listState.value.refusal === undefined
  openQuery = base
  batch(() => {
    kept.clear()
    filter.value = wanted
    if (!asked) listState.value = { loading: true, more: false }
  })
  if (asked) return
  clearTimeout(asking)
  asking = setTimeout(() => void readPage(base), first ? 0 : PAUSE_MS)
}

export const readMore = async (): Promise<void> => {
  const cursor = openQuery === undefined ? undefined : cursors.get(openQuery)
  if (openQuery === undefined || cursor === undefined || listState.value.loading) return
  if (byId.size >= INCIDENTS_MAX) return
  listState.value = { loading: true, more: true }
  await readPage(openQuery, cursor)
}

/** Reads the newest page again. @returns whether the server answered */
export const refreshNewest = async (): Promise<boolean> => {
  const answer = await get<Page<IncidentSummary>>(`/api/v1/incidents?limit=${PAGE_SIZE}`)
  if (answer.ok) {
    takeIncidents(answer.data.items)
    if (listState.value.refusal) listState.value = { loading: false, more: false }
  }
  return answer.ok
}
