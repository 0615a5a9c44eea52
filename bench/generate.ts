// Writes a simulated estate as backtest files: tsx bench/generate.ts --profile storm --seed 7 --out DIR
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { createEstate } from './estate/estate.ts'
import { estateFiles } from './estate/files.ts'
import { PROFILES, type ProfileName } from './estate/profiles.ts'

const GZIPPED = new Set(['deliveries.jsonl', 'truth.csv'])

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    profile: { type: 'string', default: 'ordinary' },
    out: { type: 'string' },
  },
})

const profile = values.profile as ProfileName
if (values.out === undefined || !PROFILES.includes(profile)) {
  process.stderr.write(`usage: generate --out DIR [--seed N] [--profile ${PROFILES.join('|')}]\n`)
  process.exitCode = 2
} else {
  const estate = createEstate(values.seed, profile)
  mkdirSync(values.out, { recursive: true })
  for (const [name, text] of Object.entries(estateFiles(estate)))
    if (GZIPPED.has(name)) writeFileSync(join(values.out, `${name}.gz`), gzipSync(text))
    else writeFileSync(join(values.out, name), text)
  process.stdout.write(
    `${values.out}: ${estate.deliveries.length} deliveries, ${estate.incidents.length} incidents, ` +
      `${estate.topology.cis.length} CIs, ${estate.changes.length} changes\n`,
  )
}
