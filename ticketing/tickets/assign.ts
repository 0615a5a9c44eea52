// Giving a ticket to a person, the same for problems, changes and requests.
import type { Refusal } from '../commands/outcome.ts'
import { absence } from '../people/absent.ts'
import type { Work } from '../work.ts'

interface Assigning {
  readonly text: string
  readonly patch: { readonly assignee: string | null }
}

/** @param words what being given it is called */
export const assigning = async (
  work: Work,
  assignee: string | null,
  words: 'Assigned to' | 'Owned by' = 'Assigned to',
): Promise<Assigning | Refusal> => {
  const gone = await absence(work.sql, [assignee])
  if (gone !== undefined) return gone
  return { text: `${words} ${assignee ?? 'nobody'}`, patch: { assignee } }
}
