// Who may come in: users, teams, and tokens of programs.
import { useState } from 'preact/hooks'
import { can } from '../../api/capabilities.ts'
import type { TeamView, TokenView, UserView } from '../../api/types.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import type { Field, FormBody } from '../../parts/fields.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { RowButton } from '../../parts/row-button.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { ShownOnce } from '../../parts/shown-once.tsx'
import { Time } from '../../parts/time.tsx'
import { usePages } from '../../state/pages.ts'
import { type Sending, useSending } from '../../state/send.ts'

const ROLES = ['viewer', 'responder', 'problem-manager', 'change-manager', 'admin'] as const

interface Made extends TokenView {
  readonly token: string
}

interface PeopleListProps<T> {
  readonly id: string
  readonly title: string
  readonly verb: string
  readonly address: string
  readonly fields: readonly Field[]
  readonly columns: (sending: Sending) => readonly Column<T>[]
  readonly keyOf: (row: T) => string
  readonly bodyOf: (body: FormBody) => unknown
  readonly onMade?: (made: Made) => void
}

const PeopleList = <T,>(props: PeopleListProps<T>) => {
  const { id, title, verb, address, fields, columns, keyOf, bodyOf, onMade } = props
  const [making, setMaking] = useState(false)
  const sending = useSending()
  const { items, readMore } = usePages<T>(address, sending.round)
  return (
    <section class="block table-block" aria-labelledby={id}>
      <header class="block-head">
        <h2 id={id}>{title}</h2>
        {can(`POST ${address}`) && (
          <button type="button" onClick={() => setMaking(true)}>
            {verb}
          </button>
        )}
      </header>
      {items.length === 0 ? (
        <p class="faint">None yet.</p>
      ) : (
        <DataTable label={title} columns={columns(sending)} rows={items} keyOf={keyOf} />
      )}
      {readMore !== undefined && (
        <button type="button" onClick={readMore}>
          Read more
        </button>
      )}
      {making && (
        <FormDialog
          title={verb}
          verb={verb}
          fields={fields}
          onClose={() => setMaking(false)}
          onSubmit={(body) => {
            setMaking(false)
            sending.tell<Made>(address, bodyOf(body), onMade)
          }}
        />
      )}
    </section>
  )
}

const role: Field = { name: 'role', label: 'Role', kind: 'choice', choices: ROLES, required: true }
const teams: Field = { name: 'teams', label: 'Teams, one a line', kind: 'list' }

const withRoles = ({ role: chosen, ...body }: FormBody) => ({ ...body, roles: [chosen] })

const USER_FIELDS: readonly Field[] = [
  { name: 'name', label: 'Name to sign in with', kind: 'line', required: true },
  {
    name: 'password',
    label: 'First password, 12 characters or more',
    kind: 'secret',
    required: true,
  },
  role,
  teams,
]

const userColumns = ({ change }: Sending): Column<UserView>[] => [
  {
    title: 'State',
    cell: ({ disabled }) => <StatusMark status={disabled ? 'disabled' : 'active'} />,
  },
  { title: 'Name', cell: ({ name, displayName }) => displayName ?? name, grows: true },
  { title: 'Roles', cell: ({ roles }) => roles.join(', ') },
  { title: 'Teams', cell: ({ teams: of }) => of.join(', '), wideOnly: true },
  { title: 'Signs in by', cell: ({ signsInBy }) => signsInBy, wideOnly: true },
  {
    title: 'Do',
    cell: ({ name, disabled }) => (
      <RowButton
        label={disabled ? 'Enable' : 'Disable'}
        about={name}
        onClick={() => change(`/api/v1/users/${encodeURIComponent(name)}`, { disabled: !disabled })}
      />
    ),
  },
]

const teamColumns = (): Column<TeamView>[] => [
  { title: 'Team', cell: ({ id }) => id },
  { title: 'Title', cell: ({ title }) => title, grows: true },
  { title: 'Members', cell: ({ members }) => members.join(', '), wideOnly: true },
]

const TEAM_FIELDS: readonly Field[] = [
  { name: 'id', label: 'Short name', kind: 'line', required: true },
  { name: 'title', label: 'Title', kind: 'line', required: true },
]

const TOKEN_FIELDS: readonly Field[] = [
  { name: 'name', label: 'What uses it', kind: 'line', required: true },
  role,
  teams,
  { name: 'ingest', label: 'It may also deliver alerts', kind: 'flag' },
]

const tokenColumns = ({ remove }: Sending): Column<TokenView>[] => [
  { title: 'Name', cell: ({ name }) => name, grows: true },
  {
    title: 'May',
    cell: ({ roles, ingest }) => [...roles, ...(ingest ? ['ingest'] : [])].join(', '),
  },
  { title: 'By', cell: ({ createdBy }) => createdBy, wideOnly: true },
  { title: 'Until', cell: ({ expiresAt }) => <Time at={expiresAt} />, numeric: true },
  {
    title: 'Do',
    cell: ({ id, name }) => (
      <RowButton
        label="Revoke"
        about={name}
        onClick={() => remove(`/api/v1/tokens/${encodeURIComponent(id)}`)}
      />
    ),
  },
]

const exampleOf = ({ token }: Made): string =>
  `curl ${location.origin}/api/v1/incidents -H 'authorization: Bearer ${token}'`

export const People = () => {
  const [made, setMade] = useState<Made>()
  return (
    <>
      <PeopleList<UserView>
        id="users"
        title="Users"
        verb="Add a user"
        address="/api/v1/users"
        fields={USER_FIELDS}
        columns={userColumns}
        keyOf={({ name }) => name}
        bodyOf={withRoles}
      />
      <PeopleList<TeamView>
        id="teams"
        title="Teams"
        verb="Add a team"
        address="/api/v1/teams"
        fields={TEAM_FIELDS}
        columns={teamColumns}
        keyOf={({ id }) => id}
        bodyOf={(body) => body}
      />
      <PeopleList<TokenView>
        id="tokens"
        title="Tokens"
        verb="Make a token"
        address="/api/v1/tokens"
        fields={TOKEN_FIELDS}
        columns={tokenColumns}
        keyOf={({ id }) => id}
        bodyOf={withRoles}
        onMade={setMade}
      />
      {made !== undefined && (
        <ShownOnce
          title={`Token ${made.name}`}
          secret={made.token}
          use={exampleOf(made)}
          onClose={() => setMade(undefined)}
        />
      )}
    </>
  )
}
