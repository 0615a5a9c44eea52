// Assets that need somebody: warranties and licences about to end, services that nobody owns.
import { can } from '../../api/capabilities.ts'
import type { AssetWarningView, Page } from '../../api/types.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { useResource } from '../../state/resource.ts'
import { plural } from '../../text/counts.ts'
import { ciPath } from '../paths.ts'

const COLUMNS: readonly Column<AssetWarningView>[] = [
  { title: 'CI', cell: ({ ci }) => <a href={ciPath(ci)}>{ci}</a> },
  { title: 'What', cell: ({ what }) => what },
  { title: 'Why', cell: ({ text }) => text, grows: true },
  { title: 'Date', cell: ({ date }) => date ?? '–', numeric: true, wideOnly: true },
]

export const AssetWarnings = () => {
  const known = can('GET /api/v1/assets/warnings')
  const { data } = useResource<Page<AssetWarningView>>(
    known ? '/api/v1/assets/warnings' : undefined,
  )
  const warnings = data?.items ?? []
  return warnings.length === 0 ? null : (
    <details class="block">
      <summary>{plural(warnings.length, 'asset warning')}: ends within 90 days, or unowned</summary>
      <DataTable
        label="Asset warnings"
        columns={COLUMNS}
        rows={warnings}
        keyOf={({ ci, what }) => `${ci} ${what}`}
      />
    </details>
  )
}
