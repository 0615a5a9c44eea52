// Everything that must hold before a commit, apart from the tests: lint, types, dead code, drift.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const bin = (path) => [process.execPath, join(ROOT, 'node_modules', path)]
const CHECKS = [
  ['lint', [...bin('@biomejs/biome/bin/biome'), 'check', '.']],
  ['types', [...bin('typescript/bin/tsc'), '-p', 'tsconfig.json', '--noEmit']],
  ['console types', [...bin('typescript/bin/tsc'), '-p', 'console/tsconfig.json', '--noEmit']],
  ['dead code', [...bin('knip/bin/knip.js'), '--no-progress']],
  ['dependencies', [process.execPath, join(ROOT, 'scripts/sbom.mjs'), '--check']],
]

let failures = 0
for (const [name, [command, ...args]] of CHECKS) {
  const started = performance.now()
  const { status } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) failures += 1
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`)
}
process.exit(failures === 0 ? 0 : 1)
