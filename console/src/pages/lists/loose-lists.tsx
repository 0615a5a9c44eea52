// The lists that are no more than a list: one entry each.
import { type LooseList, LooseListPage } from './loose.tsx'

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

export const HeartbeatsPage = () => <LooseListPage list={heartbeats} />
export const SilencesPage = () => <LooseListPage list={silences} />
