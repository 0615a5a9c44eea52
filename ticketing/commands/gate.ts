// The way in for people: a command goes to the log, and its answer comes back once it is applied.
import type { CommandRecord } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import { type AppliedCommand, commandDigest } from './apply.ts'
import { type CommandOutcome, refuse } from './outcome.ts'

/** `accepted`: durable, will be applied, but not within the time one waits for an answer. */
export type SubmitResult =
  | CommandOutcome
  | { readonly kind: 'accepted'; readonly commandId: string }
  | { readonly kind: 'busy' }

export type Submit = (command: CommandRecord) => Promise<SubmitResult>

export interface CommandGateOptions {
  /** Resolves once the command is durable. */
  append(command: CommandRecord): Promise<void>
  /** What is stored of a command that was applied, by whichever process. */
  result(id: string): Promise<AppliedCommand | undefined>
  /** Calls once, later; returns how to call it off. */
  after(delayMs: Millis, call: () => void): () => void
  /** One waits this long for an answer. Default 10 s. */
  readonly waitMaxMs?: Millis
  /** Another process may apply it: the store is asked this often. Default 250 ms. */
  readonly pollMs?: Millis
  /** Commands waited for at one time; more are refused as busy. Default 1,000. */
  readonly waitersMax?: number
}

export interface CommandGate {
  readonly submit: Submit
  /** The desk applied these in this process. */
  applied(commands: readonly AppliedCommand[]): void
}

type Waiter = (applied: AppliedCommand) => void

export const createCommandGate = (options: CommandGateOptions): CommandGate => {
  const { waitMaxMs = 10_000, pollMs = 250, waitersMax = 1_000 } = options
  const waiters = new Map<string, Set<Waiter>>()
  let waiting = 0

  const wake = (applied: AppliedCommand): void => {
    for (const waiter of waiters.get(applied.id) ?? []) waiter(applied)
  }

  /** Resolves with undefined when the time is up. */
  const waitFor = (id: string): { answer: Promise<AppliedCommand | undefined>; stop(): void } => {
    let finish: (applied: AppliedCommand | undefined) => void = () => {}
    const answer = new Promise<AppliedCommand | undefined>((resolve) => {
      finish = resolve
    })
    const own = waiters.get(id) ?? new Set()
    waiters.set(id, own.add(finish))
    let callOff = (): void => {}
    let stopped = false
    const poll = (leftMs: Millis): void => {
      if (stopped) return
      callOff = options.after(pollMs, () => {
        if (leftMs <= 0) return finish(undefined)
        options.result(id).then(
          (found) => (found === undefined ? poll(leftMs - pollMs) : finish(found)),
          () => poll(leftMs - pollMs),
        )
      })
    }
    poll(waitMaxMs)
    return {
      answer,
      stop() {
        stopped = true
        callOff()
        own.delete(finish)
        if (own.size === 0) waiters.delete(id)
      },
    }
  }

  const answerTo = (command: CommandRecord, applied: AppliedCommand): CommandOutcome =>
    applied.digest === commandDigest(command)
      ? applied.outcome
      : refuse('key-reused', `the key ${command.id} was used for a different command`)

  return {
    applied: (commands) => commands.forEach(wake),
    async submit(command) {
      const before = await options.result(command.id)
      if (before !== undefined) return answerTo(command, before)
      if (waiting >= waitersMax) return { kind: 'busy' }
      waiting += 1
      const { answer, stop } = waitFor(command.id)
      try {
        await options.append(command)
        const applied = await answer
        return applied === undefined
          ? { kind: 'accepted', commandId: command.id }
          : answerTo(command, applied)
      } finally {
        stop()
        waiting -= 1
      }
    },
  }
}
