// Refusals are values: what a decision about one input came to, with a reason code.

export const ok = <T>(value: T): { kind: 'ok'; value: T } => ({ kind: 'ok', value })

export const drop = <R extends string>(reason: R): { kind: 'drop'; reason: R } => ({
  kind: 'drop',
  reason,
})

export const deadLetter = <R extends string>(
  reason: R,
  detail: string,
): { kind: 'deadLetter'; reason: R; detail: string } => ({ kind: 'deadLetter', reason, detail })
