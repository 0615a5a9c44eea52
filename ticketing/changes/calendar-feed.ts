// The change calendar as iCalendar (RFC 5545), for anybody's calendar program to subscribe to.
import { isoTime, type Millis } from '../../domain/time.ts'
import type { ChangeRow } from '../store/schema.ts'

const LINE_BYTES_MAX = 75
const encoder = new TextEncoder()

const utc = (at: Millis): string => isoTime(at).replace(/[-:]|\.\d+/g, '')

const escaped = (text: string): string =>
  text.replace(/[\\;,]/g, '\\$&').replace(/\r\n|\r|\n/g, '\\n')

/** Long lines go on in the next one after a space, cut between characters. */
const folded = (line: string): string => {
  let out = ''
  let bytes = 0
  for (const character of line) {
    const size = encoder.encode(character).length
    if (bytes + size > LINE_BYTES_MAX) {
      out += '\r\n '
      bytes = 1
    }
    out += character
    bytes += size
  }
  return out
}

const STATUS: Readonly<Partial<Record<ChangeRow['status'], string>>> = {
  'awaiting-approval': 'TENTATIVE',
}

const event = (row: ChangeRow): string[] => [
  'BEGIN:VEVENT',
  `UID:${row.id}@faultline`,
  `DTSTAMP:${utc(row.createdAt)}`,
  `SEQUENCE:${row.version}`,
  `DTSTART:${utc(row.startedAt ?? row.plannedStart)}`,
  `DTEND:${utc(row.endedAt ?? row.plannedEnd)}`,
  `SUMMARY:${escaped(`${row.number} ${row.title}`)}`,
  `DESCRIPTION:${escaped(`${row.type}, ${row.status}, risk ${row.risk ?? 'not assessed'}. CIs: ${row.cis.join(', ')}. ${row.body.description}`)}`,
  `CATEGORIES:${escaped(row.type)}`,
  `STATUS:${STATUS[row.status] ?? 'CONFIRMED'}`,
  'END:VEVENT',
]

/** @returns the feed, lines ended by CRLF as the format wants */
export const changeCalendar = (rows: readonly ChangeRow[]): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Faultline//Change calendar//EN',
    'METHOD:PUBLISH',
    'X-WR-CALNAME:Changes',
    ...rows.flatMap(event),
    'END:VCALENDAR',
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join('')
