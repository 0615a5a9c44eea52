// The status page as HTML: small, without scripts, readable without colours.
import { type Html, html, page } from './html.ts'
import type { ServiceState } from './services.ts'
import type { ServiceStatusView, StatusView } from './views.ts'

const WORDS: Readonly<Record<ServiceState, string>> = {
  operational: 'Works',
  maintenance: 'Under maintenance',
  degraded: 'Impaired',
  outage: 'Down',
}

const SENTENCES: Readonly<Record<ServiceState, string>> = {
  operational: 'Everything works.',
  maintenance: 'There is maintenance under way.',
  degraded: 'Some services are impaired.',
  outage: 'Some services are down.',
}

/** `2 Mar 2026, 09:00 UTC` */
const CLOCK = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
})

const time = (iso: string): Html =>
  html`<time datetime="${iso}">${CLOCK.format(Date.parse(iso))} UTC</time>`

const badge = (state: ServiceState): Html =>
  html`<span class="state ${state}">${WORDS[state]}</span>`

type Incident = ServiceStatusView['incidents'][number]

const incident = ({ number, title, step, since, resolvedAt }: Incident): Html =>
  html`<li><strong>${number}</strong>${title === undefined ? '' : ` ${title}`}: ${step}, since ${time(since)}${
    resolvedAt === undefined ? '' : html`, over at ${time(resolvedAt)}`
  }</li>`

const maintenance = (work: ServiceStatusView['maintenance'][number]): Html =>
  html`<li>${work.title}: ${time(work.startsAt)} to ${time(work.endsAt)}</li>`

const list = (heading: string, items: readonly Html[]): Html =>
  items.length === 0 ? html`` : html`<h2>${heading}</h2>\n<ul>\n${items}</ul>\n`

const foot = (asOf: string): Html =>
  html`<footer><p>As of ${time(asOf)}. Also as <a href="/api/v1/status">JSON</a>.</p></footer>`

const row = ({ id, name, status, incidents, maintenance: work }: ServiceStatusView): Html => {
  const [first] = incidents
  const [next] = work
  const note =
    first !== undefined
      ? html`${first.number}, since ${time(first.since)}`
      : next === undefined
        ? html``
        : html`Maintenance from ${time(next.startsAt)}`
  return html`<tr><th scope="row"><a href="/status/${encodeURIComponent(id)}">${name}</a></th><td>${badge(status)}</td><td>${note}</td></tr>\n`
}

export const statusPage = ({ title, status, asOf, services }: StatusView): string =>
  page(
    title,
    html`<h1>${title}</h1>
<p class="overall ${status}">${SENTENCES[status]}</p>
${
  services.length === 0
    ? html`<p>No services are known yet.</p>`
    : html`<table>
<caption>Services</caption>
<thead><tr><th scope="col">Service</th><th scope="col">Status</th><th scope="col">What is known</th></tr></thead>
<tbody>
${services.map(row)}</tbody>
</table>`
}
${foot(asOf)}`,
  )

export const servicePage = (title: string, service: ServiceStatusView, asOf: string): string =>
  page(
    `${service.name} – ${title}`,
    html`<nav><a href="/status">${title}</a></nav>
<h1>${service.name}</h1>
<p>${badge(service.status)}</p>
${list('Now', service.incidents.map(incident))}${list('Planned', service.maintenance.map(maintenance))}${list(
  'The last seven days',
  service.past.map(incident),
)}${foot(asOf)}`,
  )

export const missingPage = (title: string): string =>
  page(
    title,
    html`<nav><a href="/status">${title}</a></nav>
<h1>There is no such service</h1>`,
  )

/** Colours pass WCAG AA on both grounds; what they say stands beside them in words. */
export const STYLE = `:root{color-scheme:light dark;--ok:#1a7f37;--plan:#0969da;--warn:#8a5a00;--bad:#cf222e;--line:#8885}
@media (prefers-color-scheme:dark){:root{--ok:#3fb950;--plan:#58a6ff;--warn:#d29922;--bad:#ff7b72}}
*{box-sizing:border-box}
body{margin:0;font:1rem/1.5 system-ui,sans-serif}
main{max-width:52rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.6rem;margin:.5rem 0}
h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
.overall{font-size:1.15rem;padding:.75rem 1rem;border:1px solid var(--line);border-left:.4rem solid;border-radius:.4rem}
table{width:100%;border-collapse:collapse}
caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{text-align:left;padding:.6rem .5rem;border-bottom:1px solid var(--line);vertical-align:top;font-weight:400;overflow-wrap:anywhere}
thead th{font-weight:600}
.state{font-weight:600;white-space:nowrap}
.state::before{content:"●";margin-right:.4em}
.operational{border-left-color:var(--ok)}.state.operational{color:var(--ok)}
.maintenance{border-left-color:var(--plan)}.state.maintenance{color:var(--plan)}
.degraded{border-left-color:var(--warn)}.state.degraded{color:var(--warn)}
.outage{border-left-color:var(--bad)}.state.outage{color:var(--bad)}
footer{margin-top:2rem;font-size:.875rem}
a{color:inherit}
fieldset{border:1px solid var(--line);border-radius:.4rem;padding:1rem;margin:1rem 0}
fieldset label{display:block;padding:.25rem 0}
textarea{display:block;width:100%;font:inherit;padding:.5rem;margin-top:.25rem}
button{font:inherit;padding:.5rem 1.25rem}
@media (max-width:36rem){td:last-child,thead th:last-child{display:none}}
`
