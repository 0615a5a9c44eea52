// Follows the chain of an exported audit log, line by line, without the Faultline that wrote it.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { rowOfLine, verifyAudit } from '../../ticketing/audit.ts'
import type { AuditVerdict, ChainEnd } from '../../ticketing/audit-queries.ts'

export const linesOf = (file: string): AsyncIterable<string> =>
  createInterface({ input: createReadStream(file) })

export const verifyExport = async (
  lines: AsyncIterable<string>,
  noted?: ChainEnd,
): Promise<AuditVerdict> => {
  let end: ChainEnd | undefined
  const broken = (sequence: number, detail: string): AuditVerdict => ({
    entries: end?.sequence ?? 0,
    end: end ?? { sequence: 0, hash: '' },
    broken: { sequence, detail },
  })
  for await (const line of lines) {
    if (line === '') continue
    const next = (end?.sequence ?? 0) + 1
    let row: ReturnType<typeof rowOfLine>
    try {
      row = rowOfLine(line)
    } catch {
      return broken(next, 'the line is no entry')
    }
    const verdict = verifyAudit([row], end)
    if ('detail' in verdict) return broken(verdict.sequence, verdict.detail)
    if (row.sequence === noted?.sequence && row.hash !== noted.hash)
      return broken(row.sequence, 'the hash is not the one that was noted')
    end = verdict
  }
  const entries = end?.sequence ?? 0
  if (noted !== undefined && noted.sequence > entries)
    return broken(entries + 1, `entry ${entries + 1} is missing: there were ${noted.sequence}`)
  return { entries, end: end ?? { sequence: 0, hash: '' } }
}
