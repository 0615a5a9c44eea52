// Counts and shares as people read them.

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

export const countText = (value: number): string => grouped.format(value)

/** `1 alert`, `7 alerts`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`

/** 0.834 as `83 %`. */
export const percentText = (share: number): string => `${Math.round(share * 100)} %`

/** A probability: never quite 0 or 1, however near. */
export const likelihoodText = (probability: number): string => {
  if (probability >= 0.995) return 'over 99 %'
  return probability < 0.005 ? 'under 1 %' : percentText(probability)
}

/** A log-odds weight with its sign: `+1.7`, `−0.4`. */
export const weightText = (weight: number): string =>
  `${weight <= -0.05 ? '−' : '+'}${Math.abs(weight).toFixed(1)}`
