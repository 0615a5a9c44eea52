// Addresses of pages with named parts, as the page registry writes them.

/** `/incidents/:id` against a path: the named parts, or undefined where it does not fit. */
export const matchPath = (pattern: string, given: string): Record<string, string> | undefined => {
  const wanted = pattern.split('/')
  const parts = given.split('/')
  if (wanted.length !== parts.length) return undefined
  const named: Record<string, string> = {}
  for (const [i, want] of wanted.entries()) {
    const part = parts[i] ?? ''
    if (want.startsWith(':') && part !== '') named[want.slice(1)] = decodePart(part)
    else if (want !== part) return undefined
  }
  return named
}

const decodePart = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
