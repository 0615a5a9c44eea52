// The configuration reference that is in the repository is what the schema says.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../test/support/processes.ts'
import { configReference } from './reference.ts'

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

test('docs/configuration.md is up to date (npm run config-reference)', () => {
  expect(read('docs/configuration.md')).toBe(configReference(read))
})

test('every setting of the stages has its meaning from the comment beside it', () => {
  const rows = configReference(read).split('\n')
  const meaning = (path: string) => rows.find((row) => row.startsWith(`| \`${path}\` |`))
  expect(meaning('ingest.limits.bodyBytesMax')).toContain('more is answered with 413')
  expect(meaning('correlator.quietGapMs')).toContain('must have been resolved for this long')
})
