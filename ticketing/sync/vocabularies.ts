// The words of each kind of other desk, by the target's name.
import { jiraVocabulary } from './jira.ts'
import type { Vocabulary } from './other-desk.ts'
import { servicenowVocabulary } from './servicenow.ts'
import type { SyncTarget } from './settings.ts'

export const vocabularyOf = (target: SyncTarget): Vocabulary =>
  target.kind === 'servicenow' ? servicenowVocabulary : jiraVocabulary(target)

/** Our name for somebody of theirs; undefined: nobody that the configuration knows. */
export const personOf = ({ people }: SyncTarget, theirs: string): string | undefined =>
  Object.entries(people).find(([, id]) => id === theirs)?.[0]
