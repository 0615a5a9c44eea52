// Builds the server (tsc) and the console (Vite) into dist/; with --if-stale only when needed.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const STAMP = join(ROOT, 'dist', '.built')
const SOURCES = [
  'domain',
  'ingest',
  'correlator',
  'ticketing',
  'dashboards',
  'runtime',
  'bench',
  'console',
  'docs',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
]

/** What the program shows of its documentation. */
const GUIDE = ['docs', 'dashboards/kpis/REFERENCE.md']

const newestChange = (path) => {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(
    stat.mtimeMs,
    ...readdirSync(path)
      .filter((name) => name !== 'node_modules')
      .map((name) => newestChange(join(path, name))),
  )
}

const stale = () =>
  !existsSync(STAMP) ||
  Math.max(...SOURCES.map((name) => newestChange(join(ROOT, name)))) > statSync(STAMP).mtimeMs

const run = (command, args) => {
  const result = spawnSync(process.execPath, [join(ROOT, 'node_modules', command), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (result.status !== 0) process.exit(result.status ?? 1)
}

if (process.argv.includes('--if-stale') && !stale()) process.exit(0)
process.stderr.write('building Faultline (about 10 s) …\n')
rmSync(join(ROOT, 'dist'), { recursive: true, force: true })
run('typescript/bin/tsc', ['-p', 'tsconfig.build.json'])
run('vite/bin/vite.js', ['build', '--logLevel', 'warn', 'console'])
for (const path of GUIDE) cpSync(join(ROOT, path), join(ROOT, 'dist', path), { recursive: true })
chmodSync(join(ROOT, 'dist', 'runtime', 'cli', 'main.js'), 0o755)
writeFileSync(STAMP, '')
