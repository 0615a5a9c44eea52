// Fields of a form: how each kind is filled in, and what is sent of it.

type FieldKind = 'line' | 'secret' | 'text' | 'choice' | 'time' | 'list' | 'number' | 'flag'

export interface Field {
  readonly name: string
  readonly label: string
  readonly kind: FieldKind
  readonly choices?: readonly string[]
  readonly required?: boolean
  /** Of a number. */
  readonly min?: number
  readonly max?: number
  /** As text: a time in ISO 8601, a list with a line for each. */
  readonly value?: string
  /** Left empty it takes the value away, instead of leaving it as it is. */
  readonly clears?: boolean
}

export type FormBody = Record<string, string | number | boolean | readonly string[] | null>

const LINE_LENGTH_MAX = 200
const MINUTE_MS = 60_000

/** What `datetime-local` takes: minutes, in the viewer's zone. */
const localTime = (iso: string): string => {
  const at = Date.parse(iso)
  if (Number.isNaN(at)) return ''
  const offsetMs = new Date(at).getTimezoneOffset() * MINUTE_MS
  return new Date(at - offsetMs).toISOString().slice(0, 16)
}

const Input = ({ field }: { field: Field }) => {
  const { name, kind, required = false, value = '' } = field
  const common = { id: `field-${name}`, name, required }
  if (kind === 'text' || kind === 'list')
    return <textarea {...common} rows={kind === 'list' ? 3 : 5} defaultValue={value} />
  if (kind === 'time')
    return <input {...common} type="datetime-local" defaultValue={localTime(value)} />
  if (kind === 'number')
    return (
      <input
        {...common}
        type="number"
        step={field.min === undefined ? 'any' : 1}
        min={field.min}
        max={field.max}
        defaultValue={value}
      />
    )
  if (kind === 'flag')
    return <input {...common} type="checkbox" required={false} defaultChecked={value === 'true'} />
  if (kind === 'secret') return <input {...common} type="password" autocomplete="new-password" />
  if (kind === 'line') return <input {...common} maxLength={LINE_LENGTH_MAX} defaultValue={value} />
  return (
    <select {...common}>
      {(field.choices ?? []).map((choice) => (
        <option key={choice} value={choice} selected={choice === value}>
          {choice}
        </option>
      ))}
    </select>
  )
}

export const FieldInput = ({ field }: { field: Field }) => (
  <div class="field">
    <label htmlFor={`field-${field.name}`}>{field.label}</label>
    <Input field={field} />
  </div>
)

const READERS: Readonly<Record<FieldKind, (text: string) => FormBody[string]>> = {
  line: (text) => text,
  secret: (text) => text,
  text: (text) => text,
  choice: (text) => text,
  time: (text) => new Date(text).toISOString(),
  number: Number,
  flag: (text) => text !== '',
  list: (text) =>
    text
      .split(/[\n,]/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
}

export const readBody = (form: HTMLFormElement, fields: readonly Field[]): FormBody => {
  const data = new FormData(form)
  return Object.fromEntries(
    fields.flatMap(({ name, kind, clears }): [string, FormBody[string]][] => {
      const text = String(data.get(name) ?? '').trim()
      if (text !== '' || kind === 'flag') return [[name, READERS[kind](text)]]
      return clears === true ? [[name, null]] : []
    }),
  )
}
