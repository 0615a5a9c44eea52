// The rows beneath a figure: whatever columns the server names, ids as links to what they name.
import type { ComponentChildren } from 'preact'
import type { Column } from '../../parts/data-table.tsx'
import { Time } from '../../parts/time.tsx'
import { countText } from '../../text/counts.ts'
import { ciPath, incidentPath, problemPath } from '../paths.ts'

type Row = Readonly<Record<string, unknown>>

const LINKS: Readonly<Record<string, (id: string) => string>> = {
  ticket_id: incidentPath,
  incident_id: incidentPath,
  number: incidentPath,
  problem_id: problemPath,
  ci: ciPath,
}

/** ClickHouse writes `2026-03-10 09:30:00.000`, in UTC. */
const asTime = (text: string): string | undefined => {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text)) return undefined
  const iso = text.includes('T') ? text : `${text.replace(' ', 'T')}Z`
  return Number.isNaN(Date.parse(iso)) ? undefined : iso
}

const cellOf = (name: string, value: unknown): ComponentChildren => {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'number')
    return Number.isInteger(value) ? countText(value) : value.toFixed(2)
  if (typeof value !== 'string') return JSON.stringify(value)
  const time = name.endsWith('at') || name.endsWith('seen') ? asTime(value) : undefined
  if (time !== undefined) return <Time at={time} />
  const link = LINKS[name]
  return link === undefined ? value : <a href={link(value)}>{value}</a>
}

export const rowColumns = (names: readonly string[]): Column<Row>[] =>
  names.map((name, i) => ({
    title: name.replaceAll('_', ' '),
    cell: (row: Row) => cellOf(name, row[name]),
    grows: name === 'title' || name === 'summary' || name === 'detail',
    wideOnly: i > 3,
  }))
