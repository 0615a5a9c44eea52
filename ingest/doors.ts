// What a delivery passes before it is normalised: its signature, and its source's own gate.
import type { Millis } from '../domain/time.ts'
import type { NotTaken, RawDelivery } from './delivery.ts'
import { checkSignature } from './signatures.ts'
import type { Gate, GateVerdict } from './sns.ts'

/** @returns undefined where the source need not sign */
export const signatureOf = (
  { source, body, headers = {} }: RawDelivery,
  secrets: readonly string[] | undefined,
  now: Millis,
) => {
  if (secrets === undefined) return undefined
  const check = checkSignature(source, body, headers, secrets, now)
  if (check.kind === 'signed') return check
  const detail = 'this source must sign its deliveries'
  return { kind: 'refused', status: 401, reason: check.reason, detail } as const
}

const unverified: NotTaken = {
  kind: 'refused',
  status: 502,
  reason: 'gate-failed',
  detail: 'the sender could not be verified now; the delivery may be sent again',
}

type Passed = Extract<GateVerdict, { kind: 'passed' }>

/** A gate that cannot decide now (its certificate is out of reach) lets nothing pass. */
export const passGate = async (
  gate: Gate | undefined,
  payload: unknown,
  now: Millis,
): Promise<Passed | NotTaken> => {
  if (gate === undefined) return { kind: 'passed' }
  try {
    const verdict = await gate(payload, now)
    return verdict.kind === 'refused' ? { ...verdict, status: 403 } : verdict
  } catch {
    return unverified
  }
}

export const confirmed = async ({ confirm }: Passed): Promise<NotTaken | undefined> => {
  try {
    await confirm?.()
    return undefined
  } catch {
    return unverified
  }
}
