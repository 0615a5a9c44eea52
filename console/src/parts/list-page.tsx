// A page that is one list: heading, table, what to say when it is empty, more on demand.
import type { ComponentChildren } from 'preact'
import type { Pages } from '../state/pages.ts'
import { type Column, DataTable } from './data-table.tsx'
import { Refusal } from './refusal.tsx'

interface ListPageProps<T> {
  readonly title: string
  readonly pages: Pages<T>
  readonly columns: readonly Column<T>[]
  readonly keyOf: (row: T) => string
  readonly more?: (row: T) => ComponentChildren
  /** Beside the heading: filters, buttons. */
  readonly tools?: ComponentChildren
  /** Where there is nothing: what would put something here. */
  readonly empty: ComponentChildren
  /** Above the list. */
  readonly children?: ComponentChildren
}

const Body = <T,>(props: ListPageProps<T>) => {
  const { items, refusal, loading } = props.pages
  if (items.length === 0 && refusal !== undefined)
    return <Refusal refusal={refusal} what={props.title.toLowerCase()} />
  if (items.length === 0 && loading) return <div class="notice" aria-busy="true" />
  if (items.length === 0) return <div class="notice">{props.empty}</div>
  const { title, columns, keyOf, more } = props
  return (
    <div class="block table-block">
      <DataTable
        label={title}
        columns={columns}
        rows={items}
        keyOf={keyOf}
        {...(more !== undefined && { more })}
      />
    </div>
  )
}

export const ListPage = <T,>(props: ListPageProps<T>) => (
  <main class="page page-stack" id="page">
    <header class="page-head">
      <h1>{props.title}</h1>
      {props.tools}
    </header>
    {props.children}
    <Body {...props} />
    {props.pages.readMore !== undefined && (
      <button type="button" onClick={props.pages.readMore}>
        Read more
      </button>
    )}
  </main>
)
