// Why the pipeline decided what it decided: reasons that a person can check.

/** One signal's say in a decision. */
export interface Evidence {
  /** Registry name of the signal or hint that speaks. */
  readonly signal: string
  /** Log-odds contribution (natural log): positive speaks for, negative against. */
  readonly weight: number
  /** One sentence, plain text. */
  readonly text: string
}

/** A suspected root cause. Called "root cause" only once a person has confirmed it. */
export interface Hint {
  /** CI id. */
  readonly ci: string
  /** Change id, where a change is what is suspected. */
  readonly change?: string
  /** Alert type, where one alert is what is suspected. */
  readonly alertName?: string
  /** Ranks hints within one incident; higher is likelier. */
  readonly score: number
  /** 0 to 1: how often hints like this one were right. */
  readonly confidence: number
  readonly reasons: readonly Evidence[]
}
