// The form of a process or runbook, and what is sent of it.
import type { ProcessView } from '../../api/types.ts'
import type { Field, FormBody } from '../../parts/fields.tsx'

const lines = (texts: readonly string[] | undefined): string => texts?.join('\n') ?? ''

const partFields = (known: Partial<ProcessView>): Field[] => [
  { name: 'name', label: 'Name', kind: 'line', required: true, value: known.name ?? '' },
  {
    name: 'owner',
    label: 'Owner',
    kind: 'line',
    value: known.owner ?? '',
    clears: known.id !== undefined,
  },
  {
    name: 'objective',
    label: 'What it is for',
    kind: 'text',
    required: true,
    value: known.objective ?? '',
  },
  {
    name: 'steps',
    label: 'Steps, one a line',
    kind: 'list',
    required: true,
    value: lines(known.steps),
  },
  {
    name: 'documentation',
    label: 'Documentation: text or a link (optional)',
    kind: 'text',
    value: known.documentation ?? '',
  },
  {
    name: 'alertNames',
    label: 'For these alerts, one a line',
    kind: 'list',
    value: lines(known.links?.alertNames),
  },
  { name: 'cis', label: 'For these CIs, one a line', kind: 'list', value: lines(known.links?.cis) },
  {
    name: 'reviewBy',
    label: 'To be reviewed by',
    kind: 'time',
    value: known.reviewBy ?? '',
    clears: known.id !== undefined,
  },
]

export const newProcessFields: readonly Field[] = [
  { name: 'kind', label: 'Kind', kind: 'choice', choices: ['runbook', 'process'] },
  ...partFields({}),
]

export const processFields = (process: ProcessView): readonly Field[] => partFields(process)

/** The links are one object in the API and fields of their own in the form. */
export const processBody = ({ alertNames, cis, ...rest }: FormBody, known?: ProcessView) => ({
  ...rest,
  links: {
    alertNames: alertNames ?? [],
    cis: cis ?? [],
    ...(known !== undefined && { problems: known.links.problems }),
  },
})
