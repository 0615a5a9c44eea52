// A throw-away PostgreSQL from the machine's own packages, on a unix socket and a free port.
import { execFile } from 'node:child_process'
import { appendFile, chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)
/** There exactly when a server is installed. */
export const POSTGRES_PROGRAMS = '/usr/lib/postgresql'
const SERVER_USER = 'postgres'

export interface TestPostgres {
  /** `postgres://…` of an empty database; each call makes another. */
  createDatabase(): Promise<string>
  /** One statement, by a connection of its own. */
  query(url: string, sql: string, parameters: readonly unknown[]): Promise<void>
  /** Stops the server as a crash would, and starts it again on the same data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** The newest installed server's programs, or undefined where there is none. */
const findPrograms = async (): Promise<string | undefined> => {
  const versions = await readdir(POSTGRES_PROGRAMS).catch(() => [])
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  return newest === undefined ? undefined : join(POSTGRES_PROGRAMS, newest, 'bin')
}

/** The server refuses to run as root: then it runs as Debian's user for it. */
const serverUser = async (): Promise<{ uid: number; gid: number } | undefined> => {
  if (process.getuid?.() !== 0) return undefined
  const id = async (flag: string) => Number((await run('id', [flag, SERVER_USER])).stdout)
  return { uid: await id('-u'), gid: await id('-g') }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

/** @param alsoOn a second address that it listens on, and the network that may connect to it */
export const startPostgres = async (alsoOn?: {
  readonly address: string
  readonly network: string
}): Promise<TestPostgres> => {
  const programs = await findPrograms()
  if (programs === undefined) throw new Error('PostgreSQL is missing: apt install postgresql')
  const user = await serverUser()
  const directory = await mkdtemp(join(tmpdir(), 'faultline-postgres-'))
  if (user !== undefined) await chown(directory, user.uid, user.gid)
  const port = await freePort()
  const data = join(directory, 'data')
  const as = (program: string, ...args: string[]) =>
    run(join(programs, program), args, { cwd: directory, ...user })
  const addresses = ['127.0.0.1', ...(alsoOn === undefined ? [] : [alsoOn.address])].join(',')
  const options = `-p ${port} -k ${directory} -c listen_addresses=${addresses} -c fsync=off`
  const start = () =>
    as('pg_ctl', '-D', data, '-w', '-l', join(directory, 'log'), '-o', options, 'start')
  await as('initdb', '-D', data, '-U', SERVER_USER, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8')
  if (alsoOn !== undefined)
    await appendFile(join(data, 'pg_hba.conf'), `host all all ${alsoOn.network} trust\n`)
  await start()
  let databases = 0
  return {
    async createDatabase() {
      databases += 1
      const name = `desk${databases}`
      await as('createdb', '-h', directory, '-p', String(port), '-U', SERVER_USER, name)
      return `postgres://${SERVER_USER}@127.0.0.1:${port}/${name}`
    },
    async query(url, sql, parameters) {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        await client.query(sql, [...parameters])
      } finally {
        await client.end()
      }
    },
    async restart() {
      await as('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop')
      await start()
    },
    async stop() {
      await as('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop')
      await rm(directory, { recursive: true, force: true })
    },
  }
}
