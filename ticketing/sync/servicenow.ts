// ServiceNow, by its Table API: incidents, found again by correlation_id.
import type { Http, HttpRequest } from '../outbound.ts'
import type { Priority } from '../priority.ts'
import { createAsk, withoutSlash } from './ask.ts'
import {
  type OtherDesk,
  type RemoteTicket,
  SHARED_STATUS,
  type SharedStatus,
  type Vocabulary,
  type Wanted,
} from './other-desk.ts'
import type { ServicenowTarget } from './settings.ts'

/** The incident table's states as shipped; 8 (Canceled) is closed to us. */
const STATES: Readonly<Record<SharedStatus, string>> = {
  new: '1',
  'in-progress': '2',
  'on-hold': '3',
  resolved: '6',
  closed: '7',
}
const STATUSES: ReadonlyMap<string, SharedStatus> = new Map([
  ...Object.entries(STATES).map(([status, state]) => [state, status as SharedStatus] as const),
  ['8', 'closed'],
])

export const servicenowVocabulary: Vocabulary = {
  stateOf: (status) => STATES[SHARED_STATUS[status]],
  statusOf: (state) => STATUSES.get(state),
}

/** Priority is worked out there from impact and urgency, 1 (high) to 3 (low). */
const IMPACT_URGENCY: Readonly<Record<Priority, readonly [string, string]>> = {
  P1: ['1', '1'],
  P2: ['1', '2'],
  P3: ['2', '2'],
  P4: ['2', '3'],
  P5: ['3', '3'],
}

const CORRELATION = 'Faultline'
const FIELDS = 'sys_id,number,state,assigned_to'
const PAGE_MAX = 500

type Row = Readonly<Record<string, string>>

/** Journal entries show what stands between these as HTML. */
const plain = (text: string): string => text.replace(/\[(\/?)code\]/gi, '[$1 code]')

/** Query terms are parted by ^, so a value must not have one. */
const term = (value: string): string => value.replace(/\^/g, '')

const short = (text: string): string => plain(text).replace(/\s+/g, ' ').slice(0, 160)

const bodyOf = (settings: ServicenowTarget, change: Partial<Wanted>): Record<string, string> => {
  const { title, text, priority, state, assignee, resolution } = change
  const [impact, urgency] = priority === undefined ? [] : IMPACT_URGENCY[priority]
  const over = state === STATES.resolved || state === STATES.closed
  return {
    ...(title === undefined ? {} : { short_description: short(title) }),
    ...(text === undefined ? {} : { description: plain(text) }),
    ...(impact === undefined || urgency === undefined ? {} : { impact, urgency }),
    ...(state === undefined ? {} : { state }),
    ...(state === STATES['on-hold'] ? { hold_reason: settings.holdReason } : {}),
    ...(over
      ? { close_code: settings.closeCode, close_notes: plain(resolution || 'Resolved') }
      : {}),
    ...(assignee === undefined ? {} : { assigned_to: assignee ?? '' }),
  }
}

/** Rows as they are stored, without links to what they refer to. */
const createTableAsk = ({ url, user, password }: ServicenowTarget, http: Http) => {
  const base = `${withoutSlash(url)}/api/now/table`
  const ask = createAsk(http, { name: 'ServiceNow', base, user, password })
  return async <T>(
    method: HttpRequest['method'],
    path: string,
    query: Record<string, string>,
    body?: object,
  ): Promise<T> => {
    const asked = new URLSearchParams({
      sysparm_exclude_reference_link: 'true',
      sysparm_display_value: 'false',
      ...query,
    })
    return (await ask<{ result: T }>(method, `${path}?${asked}`, body)).result
  }
}

export const createServicenow = (settings: ServicenowTarget, http: Http): OtherDesk => {
  const base = withoutSlash(settings.url)
  const ask = createTableAsk(settings, http)

  const ticketOf = (row: Row): RemoteTicket => ({
    id: row.sys_id!,
    key: row.number!,
    url: `${base}/nav_to.do?uri=incident.do?sys_id=${row.sys_id}`,
    state: row.state!,
    assignee: row.assigned_to || null,
  })

  const list = (query: string, limit: number): Promise<Row[]> =>
    ask('GET', 'incident', {
      sysparm_fields: FIELDS,
      sysparm_query: query,
      sysparm_limit: String(limit),
    })

  return {
    async find(incidentId) {
      const [row] = await list(
        `correlation_id=${term(incidentId)}^correlation_display=${CORRELATION}`,
        1,
      )
      return row === undefined ? undefined : ticketOf(row)
    },
    read: async (id) => ticketOf(await ask('GET', `incident/${id}`, { sysparm_fields: FIELDS })),
    create: async (incidentId, wanted) =>
      ticketOf(
        await ask(
          'POST',
          'incident',
          { sysparm_fields: FIELDS },
          {
            ...settings.fields,
            ...bodyOf(settings, wanted),
            correlation_id: incidentId,
            correlation_display: CORRELATION,
          },
        ),
      ),
    update: async ({ id }, change) =>
      ticketOf(
        await ask('PATCH', `incident/${id}`, { sysparm_fields: FIELDS }, bodyOf(settings, change)),
      ),
    async comments(id) {
      const rows = await ask<Row[]>('GET', 'sys_journal_field', {
        sysparm_fields: 'sys_id,value,sys_created_by',
        sysparm_query: `element_id=${term(id)}^elementINcomments,work_notes^ORDERBYsys_created_on`,
        sysparm_limit: String(PAGE_MAX),
      })
      return rows.map((row) => ({
        id: row.sys_id!,
        author: row.sys_created_by ?? '',
        text: row.value ?? '',
      }))
    },
    async comment(id, text) {
      await ask(
        'PATCH',
        `incident/${id}`,
        { sysparm_fields: 'sys_id' },
        { work_notes: plain(text) },
      )
    },
    async changedWithin(minutes) {
      const since = `sys_updated_onRELATIVEGE@minute@ago@${minutes}`
      const rows = await list(
        `correlation_display=${CORRELATION}^${since}^ORDERBYsys_updated_on`,
        PAGE_MAX,
      )
      return rows.map(ticketOf)
    },
  }
}
