// A badge for READMEs and dashboards: one heartbeat's status as a small SVG.
import type { HeartbeatStatus } from '../../domain/heartbeat.ts'

const COLOURS: Readonly<Record<HeartbeatStatus, string>> = {
  up: '#2e7d32',
  started: '#1565c0',
  late: '#b26a00',
  down: '#c62828',
  new: '#5f6368',
  paused: '#5f6368',
}

/** Of the 11 px sans serif that badges use; wide letters are a little wider. */
const CHARACTER_PX = 6.6
const PADDING_PX = 10
const NAME_MAX = 60

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
/** Control characters are not allowed in XML at all. */
const escaped = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cs}]/gu, ' ').replace(/[&<>"']/g, (character) => ESCAPES[character]!)

const widthOf = (text: string): number => Math.round(text.length * CHARACTER_PX) + PADDING_PX

export const badgeSvg = (name: string, status: HeartbeatStatus): string => {
  const label = name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name
  const left = widthOf(label)
  const right = widthOf(status)
  const title = escaped(`${label}: ${status}`)
  const text = (x: number, words: string): string =>
    `<text x="${x}" y="14" text-anchor="middle">${escaped(words)}</text>`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${title}">
<title>${title}</title>
<rect width="${left + right}" height="20" rx="3" fill="#3c4043"/>
<path d="M${left} 0h${right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-${right - 3}z" fill="${COLOURS[status]}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
${text(left / 2, label)}
${text(left + right / 2, status)}
</g>
</svg>
`
}
