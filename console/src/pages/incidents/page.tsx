// The incident list: live, filtered by its address, worked from the keyboard.
import { signal, useSignalEffect } from '@preact/signals'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { IncidentSummary, Page } from '../../api/types.ts'
import { type BindingGroup, useKeys } from '../../keys.ts'
import { FirstIncident } from '../../parts/empty.tsx'
import { Refusal } from '../../parts/refusal.tsx'
import { VirtualRows } from '../../parts/virtual-rows.tsx'
import { navigate, query } from '../../router.ts'
import { decide } from '../../state/actions.ts'
import { matches, readFilter } from '../../state/filters.ts'
import {
  dropStale,
  filter,
  listState,
  openView,
  readMore,
  rows,
  staleCount,
} from '../../state/incidents.ts'
import { useResource } from '../../state/resource.ts'
import { countText, plural } from '../../text/counts.ts'
import { incidentPath } from '../paths.ts'
import { MergeDialog } from './merge-dialog.tsx'
import { HeaderRow, IncidentRow } from './row.tsx'
import {
  chosen,
  clearSelection,
  cursorId,
  cursorIndex,
  moveCursor,
  selectedIds,
  selectTo,
  toggleSelected,
} from './selection.ts'
import { clearFilters, isNarrowed, SEARCH_ID, Toolbar } from './toolbar.tsx'

const merging = signal<readonly IncidentSummary[] | undefined>(undefined)

const act = (action: string, verb: string, doing: string): void => {
  decide({ action, verb, doing, incidents: chosen(), body: {} })
  selectedIds.value = new Set()
}

const acknowledge = (): void => act('acknowledge', 'Acknowledge', 'acknowledging')
const resolve = (): void => act('resolve', 'Resolve', 'resolving')
const merge = (): void => {
  if (chosen().length > 0) merging.value = chosen()
}

const openCurrent = (): void => {
  if (cursorId.value !== undefined) navigate(incidentPath(cursorId.value))
}
const toggleCurrent = (): void => {
  if (cursorId.value !== undefined) toggleSelected(cursorId.value)
}

const KEYS: BindingGroup = {
  title: 'Incident list',
  bindings: [
    { key: 'j', label: 'Next incident', run: () => moveCursor(1) },
    { key: 'k', label: 'Previous incident', run: () => moveCursor(-1) },
    { key: 'ArrowDown', label: 'Next incident', run: () => moveCursor(1) },
    { key: 'ArrowUp', label: 'Previous incident', run: () => moveCursor(-1) },
    { key: 'Enter', label: 'Open it', run: openCurrent },
    { key: 'x', label: 'Select or unselect it', run: toggleCurrent },
    { key: 'a', label: 'Acknowledge it, or all selected', run: acknowledge },
    { key: 'r', label: 'Resolve it, or all selected', run: resolve },
    { key: 'm', label: 'Merge', run: merge },
    { key: '/', label: 'Search', run: () => document.getElementById(SEARCH_ID)?.focus() },
    { key: '.', label: 'Clear away rows that no longer match', run: dropStale },
    { key: 'Escape', label: 'Unselect', run: clearSelection },
  ],
}

const Counts = () => {
  const found = `${countText(rows.value.length)}${listState.value.more ? '+' : ''}`
  const picked = selectedIds.value.size
  const idle = picked === 0 && staleCount.value === 0
  return (
    <div class="counts">
      <span class="num" role="status">
        {found} {rows.value.length === 1 ? 'incident' : 'incidents'}
      </span>
      <span class={`counts-actions${idle ? ' counts-idle' : ''}`}>
        <span class="num">{picked > 0 ? `${plural(picked, 'selected', 'selected')}` : ''}</span>
        <button type="button" disabled={picked === 0} onClick={acknowledge}>
          Acknowledge <kbd>a</kbd>
        </button>
        <button type="button" disabled={picked === 0} onClick={resolve}>
          Resolve <kbd>r</kbd>
        </button>
        <button type="button" disabled={picked === 0} onClick={merge}>
          Merge <kbd>m</kbd>
        </button>
        <button type="button" disabled={staleCount.value === 0} onClick={dropStale}>
          {plural(staleCount.value, 'row no longer matches', 'rows no longer match')} <kbd>.</kbd>
        </button>
      </span>
    </div>
  )
}

/** Nothing is open: because nothing ever was, or because all of it is over. */
const NothingOpen = () => {
  const { data } = useResource<Page<IncidentSummary>>('/api/v1/incidents?limit=1')
  if (data === undefined) return <div class="notice" aria-busy="true" />
  if (data.items.length === 0) return <FirstIncident />
  return (
    <div class="notice" role="status">
      <h2>Nothing is open</h2>
      <p>
        All of it is over. <a href="/incidents?status=done">What was done</a>, and{' '}
        <a href="/problems">what keeps coming back</a>.
      </p>
    </div>
  )
}

const Nothing = () => {
  const { refusal, loading } = listState.value
  if (refusal !== undefined) return <Refusal refusal={refusal} what="incidents" />
  if (loading) return <div class="notice" aria-busy="true" />
  if (!isNarrowed() && !query.value.has('status')) return <NothingOpen />
  return (
    <div class="notice" role="status">
      <h2>Nothing matches</h2>
      <p>No incident fits these filters.</p>
      <button type="button" onClick={clearFilters}>
        Clear the filters
      </button>
    </div>
  )
}

const NARROW = matchMedia('(max-width: 700px)')

/** px; the same as --row-height in tokens.css. */
const useRowHeight = (): number => {
  const [narrow, setNarrow] = useState(NARROW.matches)
  useEffect(() => {
    const follow = () => setNarrow(NARROW.matches)
    NARROW.addEventListener('change', follow)
    return () => NARROW.removeEventListener('change', follow)
  }, [])
  return narrow ? 72 : 36
}

const List = () => {
  const all = rows.value
  const wanted = filter.value
  const keys = useMemo(() => all.map(({ id }) => id), [all])
  const current = all[cursorIndex.value]
  return (
    <VirtualRows
      keys={keys}
      rowHeight={useRowHeight()}
      label="Incidents"
      cursor={cursorIndex.value}
      cursorKey={cursorId.value}
      header={<HeaderRow />}
      onEnd={() => void readMore()}
      row={(index, style) => {
        const incident = all[index]
        if (incident === undefined) return null
        return (
          <IncidentRow
            key={incident.id}
            incident={incident}
            index={index}
            style={style}
            onFocus={() => {
              cursorId.value = incident.id
            }}
            current={incident === current}
            selected={selectedIds.value.has(incident.id)}
            stale={wanted !== undefined && !matches(wanted, incident)}
            onSelect={(range) => (range ? selectTo(incident.id) : toggleSelected(incident.id))}
          />
        )
      }}
    />
  )
}

export const IncidentsPage = () => {
  useKeys(KEYS)
  useSignalEffect(() => {
    const wanted = readFilter(query.value)
    queueMicrotask(() => openView(wanted))
  })
  return (
    <main class="page page-list" id="page">
      <h1 class="visually-hidden">Incidents</h1>
      <Toolbar />
      <Counts />
      {rows.value.length === 0 ? <Nothing /> : <List />}
      {merging.value !== undefined && (
        <MergeDialog
          incidents={merging.value}
          others={rows.value}
          onClose={(merged) => {
            merging.value = undefined
            if (merged) selectedIds.value = new Set()
          }}
        />
      )}
    </main>
  )
}
