// Jira Cloud, by REST v3: an issue an incident, found again by its label; states by transitions.
import { type Http, OutboundError } from '../outbound.ts'
import { createAsk, withoutSlash } from './ask.ts'
import {
  type OtherDesk,
  type RemoteTicket,
  SHARED_STATUS,
  type SharedStatus,
  type Vocabulary,
  type Wanted,
} from './other-desk.ts'
import type { JiraTarget } from './settings.ts'

const LABEL = 'faultline'
const SUMMARY_MAX = 255
const PAGE_MAX = 100
/** Pages of one poll: what is beyond comes with the next change. */
const PAGES_MAX = 10

export const jiraVocabulary = ({ statuses }: JiraTarget): Vocabulary => {
  const states: Readonly<Record<SharedStatus, string>> = {
    new: statuses.open,
    'in-progress': statuses.working,
    'on-hold': statuses.waiting,
    resolved: statuses.done,
    closed: statuses.done,
  }
  const backwards = new Map<string, SharedStatus>([
    [statuses.open, 'new'],
    [statuses.waiting, 'on-hold'],
    [statuses.working, 'in-progress'],
    [statuses.done, 'resolved'],
  ])
  return {
    stateOf: (status) => states[SHARED_STATUS[status]],
    statusOf: (state) => backwards.get(state),
  }
}

/** The document format of Jira's texts; a node's text is only ever text. */
interface Node {
  readonly type: string
  readonly text?: string
  readonly content?: readonly Node[]
}

const documentOf = (text: string) => ({
  type: 'doc',
  version: 1,
  content: text
    .split(/\n{2,}/)
    .filter((part) => part.trim() !== '')
    .map((part) => ({ type: 'paragraph', content: [{ type: 'text', text: part }] })),
})

const textOf = ({ type, text = '', content = [] }: Node): string => {
  const inner = text + content.map(textOf).join('')
  return type === 'paragraph' ? `${inner}\n\n` : inner
}

interface Issue {
  readonly id: string
  readonly key: string
  readonly fields: {
    readonly status: { readonly name: string }
    readonly assignee: { readonly accountId: string } | null
  }
}

interface Transition {
  readonly id: string
  readonly to: { readonly name: string }
}

interface Comment {
  readonly id: string
  readonly author?: { readonly displayName?: string }
  readonly body: Node
}

const FIELDS = ['status', 'assignee']

const fieldsOf = ({ priorityNames }: JiraTarget, change: Partial<Wanted>) => {
  const { title, text, priority, assignee } = change
  const named = priority && priorityNames[priority]
  return {
    ...(title === undefined ? {} : { summary: title.replace(/\s+/g, ' ').slice(0, SUMMARY_MAX) }),
    ...(text === undefined ? {} : { description: documentOf(text) }),
    ...(named === undefined ? {} : { priority: { name: named } }),
    ...(assignee === undefined
      ? {}
      : { assignee: assignee === null ? null : { accountId: assignee } }),
  }
}

/** A label has no spaces, a JQL string no quotes. */
const labelOf = (incidentId: string): string => `${LABEL}-${incidentId.replace(/[\s"\\]/g, '_')}`

export const createJira = (settings: JiraTarget, http: Http): OtherDesk => {
  const { project, issueType, email, apiToken } = settings
  const base = withoutSlash(settings.url)
  const ask = createAsk(http, {
    name: 'Jira',
    base: `${base}/rest/api/3`,
    user: email,
    password: apiToken,
  })

  const ticketOf = ({ id, key, fields }: Issue): RemoteTicket => ({
    id,
    key,
    url: `${base}/browse/${key}`,
    state: fields.status.name,
    assignee: fields.assignee?.accountId ?? null,
  })

  const read = async (id: string): Promise<RemoteTicket> =>
    ticketOf(await ask<Issue>('GET', `issue/${id}?fields=${FIELDS.join(',')}`))

  const search = async (jql: string, pagesMax: number): Promise<RemoteTicket[]> => {
    const found: RemoteTicket[] = []
    let nextPageToken: string | undefined
    for (let page = 0; page < pagesMax; page++) {
      const answer = await ask<{ issues: Issue[]; nextPageToken?: string }>('POST', 'search/jql', {
        jql: `project = "${project}" AND ${jql}`,
        fields: FIELDS,
        maxResults: PAGE_MAX,
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
      })
      found.push(...answer.issues.map(ticketOf))
      nextPageToken = answer.nextPageToken
      if (nextPageToken === undefined) break
    }
    return found
  }

  /** A workflow leads only where it leads: what it does not offer from here is left as it is. */
  const moveTo = async (id: string, state: string): Promise<void> => {
    const { transitions } = await ask<{ transitions: Transition[] }>(
      'GET',
      `issue/${id}/transitions`,
    )
    const way = transitions.find(({ to }) => to.name === state)
    if (way === undefined)
      throw new OutboundError(`Jira's workflow has no transition to ${state} from here`, false)
    await ask('POST', `issue/${id}/transitions`, { transition: { id: way.id } })
  }

  const update: OtherDesk['update'] = async (ticket, change) => {
    const fields = fieldsOf(settings, change)
    if (Object.keys(fields).length > 0) await ask('PUT', `issue/${ticket.id}`, { fields })
    if (change.state !== undefined && change.state !== ticket.state)
      await moveTo(ticket.id, change.state)
    return read(ticket.id)
  }

  return {
    find: async (incidentId) => (await search(`labels = "${labelOf(incidentId)}"`, 1))[0],
    read,
    async create(incidentId, wanted) {
      const { id } = await ask<{ id: string }>('POST', 'issue', {
        fields: {
          project: { key: project },
          issuetype: { name: issueType },
          labels: [LABEL, labelOf(incidentId)],
          ...fieldsOf(settings, wanted),
        },
      })
      return update(await read(id), { state: wanted.state })
    },
    update,
    async comments(id) {
      const { comments } = await ask<{ comments: Comment[] }>(
        'GET',
        `issue/${id}/comment?orderBy=created&maxResults=${PAGE_MAX}`,
      )
      return comments.map((each) => ({
        id: each.id,
        author: each.author?.displayName ?? '',
        text: textOf(each.body).trim(),
      }))
    },
    async comment(id, text) {
      await ask('POST', `issue/${id}/comment`, { body: documentOf(text) })
    },
    changedWithin: (minutes) =>
      search(`labels = "${LABEL}" AND updated >= -${minutes}m ORDER BY updated ASC`, PAGES_MAX),
  }
}
