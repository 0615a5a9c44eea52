// A fast 64-bit content hash for ids and fingerprints; not for secrets.

const encoder = new TextEncoder()
const PRIME_LOW = 0x1b3
const PRIME_HIGH = 0x100

/**
 * FNV-1a, 64 bit, over the UTF-8 bytes (http://www.isthe.com/chongo/tech/comp/fnv/).
 * @returns 16 lower-case hex digits
 */
export const hash64 = (input: string | Uint8Array): string => {
  const bytes = typeof input === 'string' ? encoder.encode(input) : input
  let high = 0xcbf29ce4
  let low = 0x84222325
  for (let i = 0; i < bytes.length; i++) {
    low = (low ^ bytes[i]!) >>> 0
    const product = low * PRIME_LOW
    const carry = Math.floor(product / 0x1_0000_0000)
    high = (Math.imul(high, PRIME_LOW) + Math.imul(low, PRIME_HIGH) + carry) >>> 0
    low = product >>> 0
  }
  return hex32(high) + hex32(low)
}

const hex32 = (value: number): string => value.toString(16).padStart(8, '0')
