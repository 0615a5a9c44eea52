// Lists whose shape this console only partly knows: columns for what their items really carry.
import type { ComponentChildren } from 'preact'
import type { Column } from '../../parts/data-table.tsx'
import { ListPage } from '../../parts/list-page.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { Time } from '../../parts/time.tsx'
import { usePages } from '../../state/pages.ts'
import { durationText } from '../../text/time.ts'
import { ciPath } from '../paths.ts'

type Item = Readonly<Record<string, unknown>>
type Kind = 'text' | 'status' | 'time' | 'seconds' | 'ci'

interface Field {
  readonly name: string
  readonly title: string
  readonly kind: Kind
  readonly grows?: boolean
}

export interface LooseList {
  readonly path: string
  readonly title: string
  readonly fields: readonly Field[]
  readonly empty: readonly [heading: string, words: string]
}

const WRITERS: Readonly<Record<Kind, (value: unknown) => ComponentChildren>> = {
  text: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  status: (value) => <StatusMark status={String(value)} />,
  time: (value) => <Time at={String(value)} />,
  seconds: (value) => durationText(Number(value) * 1_000),
  ci: (value) => <a href={ciPath(String(value))}>{String(value)}</a>,
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

const columnsFor = (fields: readonly Field[], items: readonly Item[]): Column<Item>[] =>
  fields
    .filter(({ name }) => items.some((item) => isThere(item[name])))
    .map(({ name, title, kind, grows }, i) => ({
      title,
      cell: (item: Item) => (isThere(item[name]) ? WRITERS[kind](item[name]) : '–'),
      grows: grows ?? false,
      wideOnly: i > 2,
    }))

export const LooseListPage = ({ list }: { list: LooseList }) => {
  const pages = usePages<Item>(list.path)
  return (
    <ListPage
      title={list.title}
      pages={pages}
      columns={columnsFor(list.fields, pages.items)}
      keyOf={(item) => String(item.id ?? JSON.stringify(item))}
      more={(item) => <pre class="payload">{JSON.stringify(item, null, 2)}</pre>}
      empty={
        <>
          <h2>{list.empty[0]}</h2>
          <p>{list.empty[1]}</p>
        </>
      }
    />
  )
}
