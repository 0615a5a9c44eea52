// CI names without what changes from one life to the next: serial numbers, pod hashes, addresses.

const SEPARATORS = /([-_.:/\s]+)/
/** Letters and digits that alternate, as generated suffixes do: `7f9c4`, `d6bd8b1aa`, `x2k9p`. */
const GENERATED = /^(?=.*[a-z]\d.*|.*\d[a-z].*)[a-z0-9]{5,}$/i
const ALTERNATIONS_MIN = 2
const HEX_ID = /^[0-9a-f]{8,}$/i
const DIGITS = /\d+/g

/**
 * What a CI is called over its lives: generated parts become `*`. Serial numbers stay, since the
 * fifth host of a rack is not the sixth.
 */
export const identityOf = (name: string): string => {
  const parts = name.split(SEPARATORS)
  const kept = parts.map((part) => (isGenerated(part) ? '*' : part))
  return kept.every((part) => part === '*' || SEPARATORS.test(part) || part === '')
    ? name
    : kept.join('')
}

/** What a CI is for: its identity with every serial number as `#`. */
export const roleOf = (name: string): string => identityOf(name).replace(DIGITS, '#')

const isGenerated = (part: string): boolean =>
  (HEX_ID.test(part) && /\d/.test(part)) ||
  (GENERATED.test(part) && alternations(part) >= ALTERNATIONS_MIN)

const alternations = (part: string): number => part.match(/\d(?=[a-z])|[a-z](?=\d)/gi)?.length ?? 0
