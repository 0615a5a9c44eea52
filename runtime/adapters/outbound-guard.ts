// Refuses connections to addresses inside. The address that is checked is the one connected to.
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { OutboundError } from '../../ticketing/outbound.ts'

export interface OutboundGuard {
  /** For `net.connect`: resolves a name to addresses that may be connected to. */
  readonly lookup: LookupFunction
  /**
   * `net.connect` looks no address up that is one already.
   * @throws OutboundError
   */
  checkHost(host: string): void
}

type Resolve = (
  host: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

const rangeOf = (text: string): Range => {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text)
  const address = ipaddr.parse(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/**
 * Whatever is not plainly public is refused: loopback, private, link-local, unique local,
 * carrier-grade NAT, multicast, reserved, and the IPv6 forms that carry an IPv4 address.
 * @param allow addresses and ranges that may be connected to all the same
 */
export const createOutboundGuard = (
  allow: readonly string[],
  resolve: Resolve = lookup,
): OutboundGuard => {
  const allowed = allow.map(rangeOf)

  const refusal = (host: string, address: string): OutboundError | undefined => {
    const parsed = ipaddr.process(address)
    const kind = parsed.range()
    if (kind === 'unicast') return undefined
    const inside = ([start, bits]: Range) =>
      start.kind() === parsed.kind() && parsed.match([start, bits])
    if (allowed.some(inside)) return undefined
    const what = host === address ? address : `${host} is ${address}, which`
    return new OutboundError(`blocked: ${what} is ${kind}; see desk.outbound.allow`, false)
  }

  return {
    checkHost(host) {
      const bare = host.replace(/^\[|\]$/g, '')
      const refused = isIP(bare) === 0 ? undefined : refusal(bare, bare)
      if (refused !== undefined) throw refused
    },
    lookup(host, options, callback) {
      resolve(host, { ...options, all: true }, (error, addresses) => {
        if (error !== null) return callback(error, '', 0)
        // One bad address among good ones is how a name is turned against its reader.
        for (const { address } of addresses) {
          const refused = refusal(host, address)
          if (refused !== undefined) return callback(refused, '', 0)
        }
        if (options.all === true) return callback(null, addresses)
        const [first] = addresses
        if (first === undefined) return callback(new Error(`${host} has no address`), '', 0)
        callback(null, first.address, first.family)
      })
    },
  }
}
