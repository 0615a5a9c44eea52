// What users see: each service with the worst that is open on it or on what it needs.
import { can } from '../../api/capabilities.ts'
import type { ServiceView } from '../../api/types.ts'
import type { Column } from '../../parts/data-table.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { anythingHeard } from '../../state/changes-heard.ts'
import { usePages } from '../../state/pages.ts'
import { countText } from '../../text/counts.ts'
import { ciPath, incidentPath } from '../paths.ts'

const LINKS_MAX = 3

const COLUMNS: readonly Column<ServiceView>[] = [
  {
    title: 'Health',
    cell: ({ health }) => (
      <span class={`status ${health === 'ok' ? 'status-resolved' : 'status-new'}`}>
        {health === 'ok' ? 'ok' : `${health} open`}
      </span>
    ),
  },
  { title: 'Service', cell: ({ id, name }) => <a href={ciPath(id)}>{name}</a>, grows: true },
  { title: 'Team', cell: ({ attributes }) => attributes.team ?? attributes.owner ?? '–' },
  {
    title: 'Newest incidents',
    cell: ({ openIncidents }) => (
      <span class="labels">
        {openIncidents.slice(0, LINKS_MAX).map(({ id, number, title }) => (
          <a key={id} class="tag" href={incidentPath(id)} title={title}>
            {number}
          </a>
        ))}
      </span>
    ),
    wideOnly: true,
  },
  { title: 'Open', cell: ({ openIncidents }) => countText(openIncidents.length), numeric: true },
]

export const ServicesPage = () => (
  <ListPage
    title="Services"
    pages={usePages<ServiceView>('/api/v1/services', anythingHeard('incident'))}
    columns={COLUMNS}
    keyOf={({ id }) => id}
    tools={
      can('GET /status') && (
        <a href="/status" data-leaves>
          Status page
        </a>
      )
    }
    empty={
      <>
        <h2>No services known</h2>
        <p>
          CIs of kind <code>service</code> appear here once a topology was imported.
        </p>
      </>
    }
  />
)
