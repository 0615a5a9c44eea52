// The supply chain: what is built in, under which licence, and that nothing in it is given up.
import { describe, expect, test } from 'vitest'
import { dependencies, faultsOf, type Lock, readLock } from '../../scripts/dependencies.mjs'
import { sbomOf } from '../../scripts/sbom.mjs'

const lock = readLock()
const MIT = { version: '1.0.0', license: 'MIT' }
const lockOf = (packages: Lock['packages']): Lock => ({
  packages: { '': { name: 'app', version: '2.0.0', license: 'MIT' }, ...packages },
})

describe('the dependencies', () => {
  test('are all of an allowed licence, and none is deprecated', () => {
    expect(faultsOf(dependencies(lock))).toEqual([])
  })

  test.each<[string, Record<string, unknown>, number]>([
    ['MIT', MIT, 0],
    ['a choice that has an allowed one', { ...MIT, license: '(GPL-3.0 OR MIT)' }, 0],
    ['both at once', { ...MIT, license: 'MIT AND GPL-3.0' }, 1],
    ['GPL', { ...MIT, license: 'GPL-3.0' }, 1],
    ['none', { version: '1.0.0' }, 1],
    ['MPL in what is handed on', { ...MIT, license: 'MPL-2.0' }, 1],
    ['MPL in a tool', { ...MIT, license: 'MPL-2.0', dev: true }, 0],
    ['deprecated', { ...MIT, deprecated: 'use something else' }, 1],
  ])('%s: %#', (_what, entry, faults) => {
    const found = dependencies(lockOf({ 'node_modules/x': entry }))
    expect(faultsOf(found)).toHaveLength(faults)
  })

  test('a build for another system has its parent’s licence', () => {
    const parent = { ...MIT, optionalDependencies: { 'x-win32': '1.0.0' } }
    const found = dependencies(
      lockOf({ 'node_modules/x': parent, 'node_modules/x-win32': { version: '1.0.0' } }),
    )
    expect(faultsOf(found)).toEqual([])
  })
})

describe('the bill of materials (CycloneDX 1.6)', () => {
  const sbom = sbomOf(lock)

  test('has what the format requires', () => {
    expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 })
    expect(sbom.serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    for (const component of sbom.components) {
      expect(component.type).toBe('library')
      expect(component.name).not.toBe('')
      expect(component.purl).toMatch(/^pkg:npm\/(%40[^/]+\/)?[^/@]+@\d/)
      expect(['required', 'optional', 'excluded']).toContain(component.scope)
      for (const { content } of component.hashes ?? []) expect(content).toMatch(/^[0-9a-f]{128}$/)
    }
  })

  test('names every package of the lock once, and only what it names depends on anything', () => {
    const refs = sbom.components.map((component) => component['bom-ref'])
    expect(new Set(refs).size).toBe(refs.length)
    const wanted = new Set(dependencies(lock).map(({ name, version }) => `${name}@${version}`))
    expect(refs.length).toBe(wanted.size)
    const known = new Set([...refs, sbom.metadata.component['bom-ref']])
    for (const { ref, dependsOn } of sbom.dependencies)
      for (const each of [ref, ...dependsOn]) expect(known).toContain(each)
  })

  test('is the same for the same lock, and another for another', () => {
    expect(sbomOf(lock)).toEqual(sbom)
    expect(sbomOf(lockOf({})).serialNumber).not.toBe(sbom.serialNumber)
  })

  test('finds a nested copy before the one at the top', () => {
    const { dependencies: graph } = sbomOf(
      lockOf({
        'node_modules/a': { ...MIT, dependencies: { b: '2' } },
        'node_modules/a/node_modules/b': { ...MIT, version: '2.0.0' },
        'node_modules/b': MIT,
      }),
    )
    expect(graph.find(({ ref }) => ref.startsWith('pkg:npm/a@'))?.dependsOn).toEqual([
      'pkg:npm/b@2.0.0',
    ])
  })
})
