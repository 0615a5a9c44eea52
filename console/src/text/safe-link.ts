// Links out of alerts: http and https only, everything else stays text.

/** The address if a browser may follow it, else undefined. */
export const safeLink = (address: string | undefined): string | undefined => {
  if (address === undefined || !/^https?:\/\//i.test(address)) return undefined
  return URL.canParse(address) ? new URL(address).href : undefined
}
