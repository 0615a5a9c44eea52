// A sum in which each further part counts less: ten weak signs are not ten times one.

/** Largest first; the n-th counts `nextShare ** n`. */
export const fading = (parts: readonly number[], nextShare: number): number =>
  [...parts].sort((a, b) => b - a).reduce((sum, part, rank) => sum + part * nextShare ** rank, 0)
