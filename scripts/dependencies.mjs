// What package-lock.json brings along: each package with licence, hash and purpose, and what is wrong.
import { readFileSync } from 'node:fs'

/** Licences that ask no more than naming the authors. */
const ALLOWED = new Set([
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
])
/** For tools only, which are not handed on: weak copyleft, and data under attribution. */
const ALLOWED_IN_DEVELOPMENT = new Set([...ALLOWED, 'MPL-2.0', 'CC-BY-4.0'])

/** By name, each with its reason; MPL asks that changes to its files be shown, and there are none. */
const EXCEPTIONS = new Map([['@jmespath-community/jmespath', 'MPL-2.0']])

export const readLock = () =>
  JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'))

const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** Builds for other systems stand in the lock without a licence: theirs is their parent's. */
const parentsLicence = (packages, name) =>
  Object.values(packages).find(({ optionalDependencies = {} }) => name in optionalDependencies)
    ?.license

/** Every package but our own, each installed copy once, in the lock's order. */
export const dependencies = ({ packages }) =>
  Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, entry]) => {
      const name = entry.name ?? nameOf(path)
      return {
        path,
        name,
        version: entry.version,
        licence: entry.license ?? parentsLicence(packages, name),
        integrity: entry.integrity,
        deprecated: entry.deprecated,
        purpose: entry.dev ? 'development' : entry.optional ? 'optional' : 'required',
        needs: Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }),
      }
    })

/** `MIT OR Apache-2.0`: one that is allowed is enough; `A AND B`: each has to be. */
const licenceAllowed = (licence = '', allowed) =>
  licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((each) => allowed.has(each.trim())))

/** @returns a sentence for each package that should not be there */
export const faultsOf = (found) =>
  found.flatMap(({ name, version, licence, deprecated, purpose }) => {
    const allowed = purpose === 'development' ? ALLOWED_IN_DEVELOPMENT : ALLOWED
    return [
      ...(deprecated === undefined ? [] : [`${name} ${version} is deprecated: ${deprecated}`]),
      ...(licenceAllowed(licence, allowed) || (licence && EXCEPTIONS.get(name) === licence)
        ? []
        : [`${name} ${version} (${purpose}) has the licence ${licence ?? 'none'}`]),
    ]
  })
