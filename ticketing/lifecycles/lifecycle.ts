// A ticket's life as data: in which state which action is legal, and where it leads.

/**
 * A full grid, so that every state x action was thought of: the target state, or null where the
 * action is not legal (for a person) or changes nothing (for the correlator).
 */
export type Lifecycle<State extends string, Action extends string> = Readonly<
  Record<State, Readonly<Record<Action, State | null>>>
>

/** Actions that lead somewhere from this state, in the table's order. */
export const legalActions = <State extends string, Action extends string>(
  lifecycle: Lifecycle<State, Action>,
  state: State,
): Action[] =>
  (Object.entries(lifecycle[state]) as [Action, State | null][])
    .filter(([, target]) => target !== null)
    .map(([action]) => action)
