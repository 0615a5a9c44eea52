// A network namespace with one link to this machine, which a test can cut: packets vanish on it.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface NetworkLink {
  /** This machine's address on the link. */
  readonly address: string
  /** Who is on it, for whoever lets networks in. */
  readonly network: string
  /** Before a command, so that it runs in the namespace: its only way out is the link. */
  readonly via: readonly string[]
  /** From now on nothing gets through, and nobody is told so. */
  cut(): Promise<void>
  heal(): Promise<void>
  remove(): Promise<void>
}

/** Addresses of this process, so that suites that run at once do not share a link. */
const addressesOf = (pid: number) => {
  const [high, low] = [(pid >> 6) & 255, (pid & 63) * 4]
  const at = (last: number) => `10.231.${high}.${low + last}`
  return { here: at(1), there: at(2), network: `${at(0)}/30` }
}

/** @returns undefined where this machine lets nobody make namespaces (it needs root and `ip`) */
export const openNetworkLink = async (): Promise<NetworkLink | undefined> => {
  const { here, there, network } = addressesOf(process.pid)
  const name = `faultline-${process.pid}`
  const [outer, inner] = [`flo${process.pid}`, `fli${process.pid}`]
  const ip = (line: string) => run('ip', line.split(' '))
  const inside = (line: string) => ip(`netns exec ${name} ip ${line}`)
  try {
    await ip(`netns add ${name}`)
  } catch {
    return undefined
  }
  const remove = async (): Promise<void> => {
    await ip(`netns del ${name}`)
    await ip(`link del ${outer}`).catch(() => {}) // mostly gone with the namespace
  }
  try {
    await ip(`link add ${outer} type veth peer name ${inner}`)
    await ip(`link set ${inner} netns ${name}`)
    await ip(`addr add ${here}/30 dev ${outer}`)
    await ip(`link set ${outer} up`)
    await inside(`addr add ${there}/30 dev ${inner}`)
    await inside(`link set ${inner} up`)
    await inside('link set lo up')
  } catch {
    await remove()
    return undefined
  }
  return {
    address: here,
    network,
    via: ['ip', 'netns', 'exec', name],
    cut: async () => void (await ip(`link set ${outer} down`)),
    heal: async () => void (await ip(`link set ${outer} up`)),
    remove,
  }
}
