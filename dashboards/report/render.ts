// The weekly report as Markdown and as one HTML page without outside parts, fit to be mailed.
import { createHash } from 'node:crypto'
import { isoTime, type Millis } from '../../domain/time.ts'
import { escapeMarkdown } from '../../domain/written.ts'
import { escapeHtml, formatFigure } from './format.ts'
import type { WeeklyNumber, WeeklyReport } from './weekly.ts'

const WIDTH = 160
const HEIGHT = 36
const GAP = 4

const day = (at: Millis): string => isoTime(at).slice(0, 10)

const title = ({ from, to, which }: WeeklyReport): string =>
  `Week of ${day(from)} to ${day(to - 1)} (UTC)${which === 'this' ? ', so far' : ''}`

/** `worse: 12 instead of 8`, in words, so that no colour is needed. */
const changeOf = ({ kpi, before, verdict }: WeeklyNumber): string => {
  if (verdict === 'unknown') return 'no comparison with the week before'
  if (verdict === 'same') return 'as the week before'
  return `${verdict} than the week before (${formatFigure(before, kpi.unit)})`
}

const reasonOf = (
  { kpi, by, mover }: WeeklyNumber,
  shown: (text: string) => string,
): string | undefined => {
  if (mover === undefined) return undefined
  const name = mover.key === '' ? `no ${by}` : mover.key
  const points =
    kpi.unit === 'ratio'
      ? `${(Math.abs(mover.contribution) * 100).toFixed(1)} points`
      : formatFigure(Math.abs(mover.contribution), kpi.unit)
  return `mostly ${shown(name)} (${mover.contribution > 0 ? 'up' : 'down'} ${shown(points)})`
}

/** One bar a week; an empty week leaves a gap, the last bar is this week. */
const chart = ({ kpi, trend }: WeeklyNumber): string => {
  const most = Math.max(...trend.map((value) => value ?? 0)) || 1
  const step = WIDTH / trend.length
  const bars = trend.map((value, i) => {
    if (value === null) return ''
    const height = Math.max(1, (Math.max(0, value) / most) * HEIGHT)
    const x = (i * step).toFixed(1)
    const y = (HEIGHT - height).toFixed(1)
    const fill = i === trend.length - 1 ? '#0072b2' : '#9bb7c9'
    return `<rect x="${x}" y="${y}" width="${(step - GAP).toFixed(1)}" height="${height.toFixed(1)}" fill="${fill}"/>`
  })
  const spoken = trend.map((value) => formatFigure(value, kpi.unit)).join(', ')
  return `<svg width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Last ${trend.length} weeks: ${escapeHtml(spoken)}">${bars.join('')}</svg>`
}

export const reportMarkdown = (report: WeeklyReport): string => {
  const lines = report.numbers.map((number) => {
    const { kpi, value, trend } = number
    const reason = reasonOf(number, escapeMarkdown)
    const history = trend.map((past) => formatFigure(past, kpi.unit)).join(' → ')
    return [
      `- **${kpi.title}: ${formatFigure(value, kpi.unit)}**, ${changeOf(number)}${reason === undefined ? '' : `; ${reason}`}`,
      `  ${kpi.question} Last ${trend.length} weeks: ${history}.`,
    ].join('\n')
  })
  return `# ${title(report)}\n\n${lines.join('\n')}\n`
}

const row = (number: WeeklyNumber): string => {
  const { kpi, value } = number
  const reason = reasonOf(number, escapeHtml)
  return `<tr>
<th scope="row">${escapeHtml(kpi.title)}<p>${escapeHtml(kpi.question)}</p></th>
<td class="figure">${escapeHtml(formatFigure(value, kpi.unit))}</td>
<td>${chart(number)}</td>
<td>${escapeHtml(changeOf(number))}${reason === undefined ? '' : `<br>${reason}`}</td>
</tr>`
}

const STYLE = `body{font:16px/1.4 system-ui,sans-serif;color:#1b1f24;max-width:52rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.25rem}table{border-collapse:collapse;width:100%}th,td{border-top:1px solid #d8dee4;padding:.75rem .5rem;text-align:left;vertical-align:top}
th p{font-weight:400;color:#57606a;margin:.25rem 0 0}.figure{font-size:1.25rem;font-variant-numeric:tabular-nums;text-align:right;white-space:nowrap}
footer{color:#57606a;font-size:.875rem;margin-top:1rem}`

/** Lets browsers apply the page's own style, and nothing else, where a policy forbids all. */
export const REPORT_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'`

export const reportHtml = (report: WeeklyReport): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title(report))}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title(report))}</h1>
<table>
<thead><tr><th scope="col">What</th><th scope="col">This week</th><th scope="col">Eight weeks</th><th scope="col">Change, and what moved it</th></tr></thead>
<tbody>
${report.numbers.map(row).join('\n')}
</tbody>
</table>
<footer>${report.numbers.map(({ kpi }) => `${escapeHtml(kpi.title)}: ${escapeHtml(kpi.formula)}; ${escapeHtml(kpi.population)}.`).join('<br>')}</footer>
</body>
</html>
`
