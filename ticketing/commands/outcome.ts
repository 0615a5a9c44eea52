// What a command came to: stored with its id, so that a retry gets the first answer again.

export type RefusalReason =
  | 'not-found'
  | 'illegal-transition'
  | 'version-conflict'
  | 'invalid'
  | 'unknown-action'
  | 'key-reused'

export type CommandOutcome =
  | {
      readonly kind: 'applied'
      readonly target: string
      readonly version?: number
      /** True where another stage has the last word (membership): it will follow. */
      readonly pending?: boolean
      /** What the caller could not know before, e.g. the id of what was made. */
      readonly result?: Readonly<Record<string, unknown>>
    }
  | {
      readonly kind: 'refused'
      readonly reason: RefusalReason
      readonly detail: string
      readonly legalActions?: readonly string[]
      readonly version?: number
    }

export type Refusal = Extract<CommandOutcome, { kind: 'refused' }>

export const refuse = (
  reason: RefusalReason,
  detail: string,
  extra: Pick<Refusal, 'legalActions' | 'version'> = {},
): Refusal => ({ kind: 'refused', reason, detail, ...extra })
