// A plain table made from a list of columns: most pages are one of these.
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

export interface Column<T> {
  readonly title: string
  readonly cell: (row: T) => ComponentChildren
  /** Right-aligned, tabular figures. */
  readonly numeric?: boolean
  /** Left out on a phone. */
  readonly wideOnly?: boolean
  /** Takes the room that the others leave. */
  readonly grows?: boolean
}

interface DataTableProps<T> {
  readonly label: string
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  readonly keyOf: (row: T) => string
  /** Shown below a row that was opened. */
  readonly more?: (row: T) => ComponentChildren
}

const classOf = <T,>({ numeric, wideOnly, grows }: Column<T>): string =>
  [numeric ? 'num end' : '', wideOnly ? 'wide-only' : '', grows ? 'grows' : ''].join(' ').trim()

const Row = <T,>({ row, props }: { row: T; props: DataTableProps<T> }) => {
  const { columns, more } = props
  const [open, setOpen] = useState(false)
  return (
    <>
      <tr>
        {more !== undefined && (
          <td class="opener">
            <button
              type="button"
              class="quiet"
              aria-expanded={open}
              aria-label={open ? 'Less' : 'More'}
              onClick={() => setOpen(!open)}
            >
              {open ? '−' : '+'}
            </button>
          </td>
        )}
        {columns.map((column) => (
          <td key={column.title} class={classOf(column)}>
            {column.cell(row)}
          </td>
        ))}
      </tr>
      {open && more !== undefined && (
        <tr class="opened">
          <td colSpan={columns.length + 1}>{more(row)}</td>
        </tr>
      )}
    </>
  )
}

export const DataTable = <T,>(props: DataTableProps<T>) => (
  <table class="data" aria-label={props.label}>
    <thead>
      <tr>
        {props.more !== undefined && (
          <th scope="col" class="opener">
            <span class="visually-hidden">More</span>
          </th>
        )}
        {props.columns.map((column) => (
          <th key={column.title} scope="col" class={classOf(column)}>
            {column.title}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {props.rows.map((row) => (
        <Row key={props.keyOf(row)} row={row} props={props} />
      ))}
    </tbody>
  </table>
)
