// A Jira Cloud on loopback, as far as its REST v3 is documented and we use it.
import { type Answer, type Asked, startJsonServer } from './sync-server.fixture.ts'

interface Doc {
  readonly type: string
  readonly text?: string
  readonly content?: readonly Doc[]
}

interface Issue {
  readonly id: string
  readonly key: string
  readonly fields: Record<string, unknown> & { labels: string[] }
  readonly comments: { id: string; author: { displayName: string }; body: Doc }[]
  status: string
  updated: number
}

/** A workflow that does not lead from anywhere to everywhere. */
const WORKFLOW: Readonly<Record<string, readonly string[]>> = {
  'To Do': ['In Progress', 'Done'],
  'In Progress': ['To Do', 'Done'],
  Done: ['To Do'],
}
const WAYS: Readonly<Record<string, string>> = { 'To Do': '11', 'In Progress': '21', Done: '31' }

/** The few clauses that we use, joined by AND. */
const matches = ({ key, fields, updated }: Issue, jql: string, now: number): boolean =>
  jql
    .replace(/ ORDER BY .*$/, '')
    .split(' AND ')
    .every((clause) => {
      const [, field, operator, value = ''] = /^(\w+) (=|>=) (.+)$/.exec(clause) ?? []
      const bare = value.replace(/"/g, '')
      if (field === 'project') return key.startsWith(`${bare}-`)
      if (field === 'labels') return fields.labels.includes(bare)
      if (field === 'updated' && operator === '>=')
        return updated >= now - Number(/^-(\d+)m$/.exec(bare)![1]) * 60_000
      throw new Error(`no such clause here: ${clause}`)
    })

const failure = (status: number, message: string): Answer => [
  status,
  { errorMessages: [message], errors: {} },
]

const shown = ({ id, key, fields, status }: Issue, asked: readonly string[]) => {
  const all: Record<string, unknown> = { assignee: null, ...fields, status: { name: status } }
  return { id, key, fields: Object.fromEntries(asked.map((field) => [field, all[field]])) }
}

const transitionsOf = ({ status }: Issue) =>
  WORKFLOW[status]!.map((name) => ({ id: WAYS[name], name: `to ${name}`, to: { name } }))

export const startJira = async (clock: { now(): number }, pageMax = 100) => {
  const issues = new Map<string, Issue>()
  const touch = (issue: Issue): void => {
    issue.updated = clock.now()
  }

  const say = (issue: Issue, displayName: string, body: Doc): void => {
    issue.comments.push({ id: `c${issue.comments.length}`, author: { displayName }, body })
    touch(issue)
  }

  const create = (given: Record<string, unknown>): Answer => {
    const { project, ...fields } = given as { project: { key: string }; labels: string[] }
    const id = String(10_001 + issues.size)
    const key = `${project.key}-${issues.size + 1}`
    issues.set(id, { id, key, fields, comments: [], status: 'To Do', updated: clock.now() })
    return [201, { id, key }]
  }

  const search = (body: Record<string, unknown>): Answer => {
    const { jql, fields, nextPageToken } = body as {
      jql: string
      fields: string[]
      nextPageToken?: string
    }
    const found = [...issues.values()].filter((issue) => matches(issue, jql, clock.now()))
    const from = Number(nextPageToken ?? 0)
    const to = from + pageMax
    const page = found.slice(from, to).map((issue) => shown(issue, fields))
    const more = to < found.length
    return [200, { issues: page, isLast: !more, ...(more ? { nextPageToken: String(to) } : {}) }]
  }

  const transition = (issue: Issue, id: string): Answer => {
    const way = transitionsOf(issue).find((each) => each.id === id)
    if (way === undefined) return failure(400, 'It is not on the appropriate step.')
    issue.status = way.to.name
    touch(issue)
    return [204]
  }

  const onIssue = (
    issue: Issue,
    what: string | undefined,
    { method, query, body }: Asked,
  ): Answer => {
    if (what === 'transitions')
      return method === 'GET'
        ? [200, { transitions: transitionsOf(issue) }]
        : transition(issue, (body.transition as { id: string }).id)
    if (what === 'comment' && method === 'GET')
      return [200, { comments: issue.comments, total: issue.comments.length }]
    if (what === 'comment') {
      say(issue, 'Faultline', body.body as Doc)
      return [201, { id: 'c' }]
    }
    if (method === 'GET') return [200, shown(issue, query.get('fields')!.split(','))]
    Object.assign(issue.fields, body.fields)
    touch(issue)
    return [204]
  }

  const on = (asked: Asked): Answer => {
    const [, , , resource, id, what] = asked.path
    if (resource === 'search') return search(asked.body)
    if (id === undefined) return create(asked.body.fields as Record<string, unknown>)
    const issue = issues.get(id)
    return issue === undefined ? failure(404, 'Issue does not exist') : onIssue(issue, what, asked)
  }

  const refused = failure(401, 'Client must be authenticated')
  return {
    ...(await startJsonServer('desk@example.org:t0ken', refused, on)),
    issues,
    /** Somebody there does this. */
    move: (id: string, status: string) => {
      issues.get(id)!.status = status
      touch(issues.get(id)!)
    },
    assign: (id: string, accountId: string) => {
      issues.get(id)!.fields.assignee = { accountId }
      touch(issues.get(id)!)
    },
    comment: (id: string, author: string, text: string) => {
      const paragraph = { type: 'paragraph', content: [{ type: 'text', text }] }
      say(issues.get(id)!, author, { type: 'doc', content: [paragraph] })
    },
  }
}
