// Who has to approve a change before it is carried out.
import type { Risk } from '../lifecycles/change.ts'

export interface ChangePolicy {
  /** Approvals that let a change pass, and rejections that end it. */
  readonly quorum: number
  /** Who may vote; empty = everybody but the requester. */
  readonly approvers: readonly string[]
  /** Normal changes of these risks pass without a vote. */
  readonly passWithoutVote: readonly Risk[]
}

export interface FreezeWindow {
  readonly name: string
  readonly from: string
  readonly to: string
  /** CI ids; absent = everything. */
  readonly cis?: readonly string[]
}

export const DEFAULT_CHANGE_POLICY: ChangePolicy = {
  quorum: 1,
  approvers: [],
  passWithoutVote: [],
}

/** Whether a change just submitted needs no vote before it is carried out. */
export const passesAtOnce = (
  { passWithoutVote }: ChangePolicy,
  type: string,
  risk: Risk,
  frozen: boolean,
): boolean => {
  if (type === 'emergency') return true
  if (frozen) return false
  return type === 'standard' || passWithoutVote.includes(risk)
}

/** @returns why this person may not vote, or undefined */
export const voteObjection = (
  { approvers }: ChangePolicy,
  actor: string,
  requester: string,
): string | undefined => {
  if (approvers.length > 0 && !approvers.includes(actor)) return `${actor} is not an approver`
  if (approvers.length === 0 && actor === requester) return 'nobody approves their own change'
  return undefined
}
