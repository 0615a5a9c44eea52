// Names in the lock file every platform's optional package, which npm leaves out where it could
// not see them; npm ci refuses a lock file that lacks one. Run it after npm install.
import { readFileSync, writeFileSync } from 'node:fs'

const PATH = new URL('../package-lock.json', import.meta.url)
const SYSTEMS = 'android darwin freebsd openharmony openbsd netbsd sunos aix win32 linux'.split(' ')
const PROCESSORS = 'arm64 x64 ia32 arm ppc64 riscv64 s390x loong64 mips64el'.split(' ')

/** A build's package says in its name what it is for: `…/binding-linux-arm64-musl`. */
const platformOf = (name) => {
  const words = name.split('/').at(-1).split('-')
  const named = (list) => list.filter((word) => words.includes(word)).slice(0, 1)
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu'))
      ? ['glibc']
      : []
  return { os: named(SYSTEMS), cpu: named(PROCESSORS), libc }
}

const lock = JSON.parse(readFileSync(PATH, 'utf8'))
const { packages } = lock
let added = 0
for (const [path, entry] of Object.entries(packages)) {
  if (path === '') continue
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (packages[`node_modules/${name}`] ?? packages[`${path}/node_modules/${name}`]) continue
    const { os, cpu, libc } = platformOf(name)
    if (os.length === 0) throw new Error(`${name}: its name does not say which system it is for`)
    packages[`node_modules/${name}`] = {
      version: version.replace(/^[~^]/, ''),
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
      ...(cpu.length > 0 ? { cpu } : {}),
      ...(libc.length > 0 ? { libc } : {}),
      os,
    }
    added += 1
  }
}
const order = ([a], [b]) => (a < b ? -1 : 1)
lock.packages = Object.fromEntries(Object.entries(packages).sort(order))
writeFileSync(PATH, `${JSON.stringify(lock, null, 2)}\n`)
process.stdout.write(`${added} optional packages added\n`)
