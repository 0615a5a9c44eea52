// Writes the software bill of materials (CycloneDX 1.6, JSON) from package-lock.json; with --check
// says instead what is wrong with a dependency, with --licences who is used under which.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { dependencies, faultsOf, readLock } from './dependencies.mjs'

const purlOf = (name, version) =>
  `pkg:npm/${name.startsWith('@') ? `%40${name.slice(1)}` : name}@${version}`

/** CycloneDX wants one id or an expression. */
const licencesOf = (licence) => {
  if (licence === undefined) return undefined
  return / (OR|AND) /.test(licence) ? [{ expression: licence }] : [{ license: { id: licence } }]
}

const SCOPES = { required: 'required', optional: 'optional', development: 'excluded' }

const hashesOf = (integrity) => {
  const [, digest] = /^sha512-(\S+)/.exec(integrity ?? '') ?? []
  if (digest === undefined) return undefined
  return [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }]
}

const componentOf = ({ name, version, licence, integrity, purpose }) => {
  const slash = name.indexOf('/')
  const purl = purlOf(name, version)
  return {
    type: 'library',
    'bom-ref': purl,
    ...(slash > 0 ? { group: name.slice(0, slash) } : {}),
    name: name.slice(slash + 1),
    version,
    scope: SCOPES[purpose],
    hashes: hashesOf(integrity),
    licenses: licencesOf(licence),
    purl,
  }
}

/** As Node looks it up: the nearest node_modules from the package that asks, outwards. */
const resolve = (byPath, from, name) => {
  for (let base = from; ; ) {
    const found = byPath.get(`${base === '' ? '' : `${base}/`}node_modules/${name}`)
    if (found !== undefined) return found
    if (base === '') return undefined
    const at = base.lastIndexOf('/node_modules/')
    base = at < 0 ? '' : base.slice(0, at)
  }
}

/** A UUID that follows from the contents: the same lock makes the same file. */
const serialOf = (text) => {
  const digits = createHash('sha256').update(text).digest('hex')
  const variant = ((Number.parseInt(digits[16], 16) & 3) | 8).toString(16)
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-')
}

/** @param lock package-lock.json, version 3; once each where two copies are the same version */
export const sbomOf = (lock) => {
  const found = dependencies(lock)
  const root = lock.packages['']
  const rootRef = purlOf(root.name, root.version)
  const byPath = new Map(found.map((each) => [each.path, each]))
  const refs = (from, names) =>
    [
      ...new Set(
        names.flatMap((name) => {
          const needed = resolve(byPath, from, name)
          return needed === undefined ? [] : [purlOf(needed.name, needed.version)]
        }),
      ),
    ].sort()
  const components = new Map(found.map((each) => [purlOf(each.name, each.version), each]))
  const graph = new Map([[rootRef, refs('', Object.keys(root.dependencies ?? {}))]])
  for (const each of found) graph.set(purlOf(each.name, each.version), refs(each.path, each.needs))
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${serialOf(JSON.stringify(lock.packages))}`,
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': rootRef,
        name: root.name,
        version: root.version,
        licenses: licencesOf(root.license),
        purl: rootRef,
      },
    },
    components: [...components.values()].map(componentOf),
    dependencies: [...graph].map(([ref, dependsOn]) => ({ ref, dependsOn })),
  }
}

const check = () => {
  const found = dependencies(readLock())
  const faults = faultsOf(found)
  for (const fault of faults) console.error(fault)
  console.log(`${found.length} dependencies, ${faults.length} that should not be there`)
  process.exit(faults.length === 0 ? 0 : 1)
}

const licences = () => {
  const by = new Map()
  for (const { licence = 'none', name, version } of dependencies(readLock()))
    by.set(licence, [...(by.get(licence) ?? []), `${name} ${version}`])
  for (const [licence, names] of [...by].sort((a, b) => b[1].length - a[1].length))
    console.log(`${licence} (${names.length})\n  ${[...new Set(names)].join(', ')}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [word, file] = process.argv.slice(2)
  if (word === '--check') check()
  else if (word === '--licences') licences()
  else {
    const text = `${JSON.stringify(sbomOf(readLock()), null, 2)}\n`
    if (word === '--out' && file !== undefined) writeFileSync(file, text)
    else process.stdout.write(text)
  }
}
