// A dialog made from a list of fields; what is left empty is not sent.
import { Dialog } from './dialog.tsx'

export interface Field {
  readonly name: string
  readonly label: string
  readonly kind: 'line' | 'text' | 'choice'
  readonly choices?: readonly string[]
  readonly required?: boolean
  readonly value?: string
  /** Left empty it takes the value away, instead of leaving it as it is. */
  readonly clears?: boolean
}

export type FormBody = Record<string, string | null>

interface FormDialogProps {
  readonly title: string
  readonly verb: string
  readonly fields: readonly Field[]
  readonly onClose: () => void
  readonly onSubmit: (body: FormBody) => void
}

const Input = ({ field }: { field: Field }) => {
  const { name, required = false, value = '' } = field
  const common = { id: `field-${name}`, name, required }
  if (field.kind === 'text') return <textarea {...common} rows={5} defaultValue={value} />
  if (field.kind === 'line') return <input {...common} maxLength={200} defaultValue={value} />
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

const readBody = (form: HTMLFormElement, fields: readonly Field[]): FormBody => {
  const data = new FormData(form)
  return Object.fromEntries(
    fields.flatMap(({ name, clears }): [string, string | null][] => {
      const value = String(data.get(name) ?? '').trim()
      if (value !== '') return [[name, value]]
      return clears === true ? [[name, null]] : []
    }),
  )
}

export const FormDialog = ({ title, verb, fields, onClose, onSubmit }: FormDialogProps) => (
  <Dialog title={title} onClose={onClose}>
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit(readBody(event.currentTarget, fields))
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
          event.currentTarget.requestSubmit()
      }}
    >
      {fields.map((field) => (
        <div key={field.name} class="field">
          <label htmlFor={`field-${field.name}`}>{field.label}</label>
          <Input field={field} />
        </div>
      ))}
      <button type="submit" class="primary">
        {verb}
      </button>
    </form>
  </Dialog>
)
