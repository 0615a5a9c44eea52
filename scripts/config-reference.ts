// Writes docs/configuration.md: every setting, from the schema and the settings' own comments.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { configReference } from '../runtime/config/reference.ts'

const ROOT = new URL('../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

writeFileSync(fileURLToPath(new URL('docs/configuration.md', ROOT)), configReference(read))
