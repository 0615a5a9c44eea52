// What the keyboard is on and what is ticked; both by id, so that arriving rows move neither.
import { computed, signal } from '@preact/signals'
import type { IncidentSummary } from '../../api/types.ts'
import { rows } from '../../state/incidents.ts'

export const cursorId = signal<string | undefined>(undefined)
export const selectedIds = signal<ReadonlySet<string>>(new Set())

export const cursorIndex = computed(() =>
  cursorId.value === undefined ? -1 : rows.value.findIndex(({ id }) => id === cursorId.value),
)

export const moveCursor = (step: number): void => {
  const last = rows.value.length - 1
  const from = cursorIndex.value
  const to = from < 0 ? (step > 0 ? 0 : last) : Math.min(last, Math.max(0, from + step))
  cursorId.value = rows.value[to]?.id
}

let lastTicked: string | undefined

export const toggleSelected = (id: string): void => {
  const next = new Set(selectedIds.value)
  if (!next.delete(id)) next.add(id)
  selectedIds.value = next
  lastTicked = id
}

/** From the last tick to this one, as shift-click means everywhere. */
export const selectTo = (id: string): void => {
  const indexOf = (wanted: string | undefined) => rows.value.findIndex((row) => row.id === wanted)
  const [from, to] = [indexOf(lastTicked), indexOf(id)].sort((a, b) => a - b)
  if (from === undefined || to === undefined || from < 0) {
    toggleSelected(id)
    return
  }
  selectedIds.value = new Set([
    ...selectedIds.value,
    ...rows.value.slice(from, to + 1).map((row) => row.id),
  ])
  lastTicked = id
}

export const clearSelection = (): void => {
  selectedIds.value = new Set()
  cursorId.value = undefined
}

/** The ticked incidents, or the one under the cursor. */
export const chosen = (): IncidentSummary[] => {
  const ticked = rows.value.filter(({ id }) => selectedIds.value.has(id))
  if (ticked.length > 0) return ticked
  const current = rows.value[cursorIndex.value]
  return current === undefined ? [] : [current]
}
