// The lists that are no more than a list: one entry each.
import { type LooseList, LooseListPage } from './loose.tsx'

const changes: LooseList = {
  path: '/api/v1/changes',
  title: 'Changes',
  fields: [
    { name: 'startedAt', title: 'Started', kind: 'time' },
    { name: 'ci', title: 'CI', kind: 'ci' },
    { name: 'summary', title: 'What was changed', kind: 'text', grows: true },
    { name: 'type', title: 'Type', kind: 'text' },
    { name: 'status', title: 'Status', kind: 'status' },
    { name: 'endedAt', title: 'Ended', kind: 'time' },
  ],
  empty: [
    'No changes known',
    'Let your deployments tell: POST /api/v1/changes with ci and summary.',
  ],
}

const heartbeats: LooseList = {
  path: '/api/v1/heartbeats',
  title: 'Heartbeats',
  fields: [
    { name: 'status', title: 'State', kind: 'status' },
    { name: 'state', title: 'State', kind: 'status' },
    { name: 'name', title: 'Name', kind: 'text', grows: true },
    { name: 'lastPingAt', title: 'Last sign of life', kind: 'time' },
    { name: 'nextDueAt', title: 'Due', kind: 'time' },
    { name: 'periodSeconds', title: 'Every', kind: 'seconds' },
    { name: 'graceSeconds', title: 'Grace', kind: 'seconds' },
    { name: 'schedule', title: 'Schedule', kind: 'text' },
  ],
  empty: ['No heartbeats', 'A job that pings here is missed when it falls silent.'],
}

const silences: LooseList = {
  path: '/api/v1/silences',
  title: 'Silences',
  fields: [
    { name: 'status', title: 'State', kind: 'status' },
    { name: 'comment', title: 'Why', kind: 'text', grows: true },
    { name: 'createdBy', title: 'By', kind: 'text' },
    { name: 'startsAt', title: 'From', kind: 'time' },
    { name: 'endsAt', title: 'Until', kind: 'time' },
    { name: 'matchers', title: 'Matchers', kind: 'text' },
  ],
  empty: ['No silences', 'Nothing is muted by a person now.'],
}

const maintenance: LooseList = {
  path: '/api/v1/maintenance-windows',
  title: 'Maintenance',
  fields: [
    { name: 'status', title: 'State', kind: 'status' },
    { name: 'title', title: 'What', kind: 'text', grows: true },
    { name: 'startsAt', title: 'From', kind: 'time' },
    { name: 'endsAt', title: 'Until', kind: 'time' },
    { name: 'recurrence', title: 'Recurs', kind: 'text' },
  ],
  empty: ['No maintenance planned', 'Planned work mutes what it breaks.'],
}

export const ChangesPage = () => <LooseListPage list={changes} />
export const HeartbeatsPage = () => <LooseListPage list={heartbeats} />
export const SilencesPage = () => <LooseListPage list={silences} />
export const MaintenancePage = () => <LooseListPage list={maintenance} />
