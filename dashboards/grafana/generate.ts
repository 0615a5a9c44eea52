// `npm run dashboards`: writes Grafana's files and the KPI reference from their definitions.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kpiReference } from '../kpis/reference.ts'
import { renderGrafana } from './render.ts'

const OUT = fileURLToPath(new URL('./generated', import.meta.url))

await rm(OUT, { recursive: true, force: true })
for (const [path, text] of renderGrafana()) {
  const file = join(OUT, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}
await writeFile(fileURLToPath(new URL('../kpis/REFERENCE.md', import.meta.url)), kpiReference())
