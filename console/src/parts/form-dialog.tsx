// A dialog made from a list of fields; what is left empty is not sent.
import { Dialog } from './dialog.tsx'
import { type Field, FieldInput, type FormBody, readBody } from './fields.tsx'

interface FormDialogProps {
  readonly title: string
  readonly verb: string
  readonly fields: readonly Field[]
  /** Above the fields. */
  readonly intro?: string | undefined
  readonly onClose: () => void
  readonly onSubmit: (body: FormBody) => void
}

export const FormDialog = (props: FormDialogProps) => {
  const { title, verb, fields, intro, onClose, onSubmit } = props
  return (
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
        {intro !== undefined && <p class="faint">{intro}</p>}
        {fields.map((field) => (
          <FieldInput key={field.name} field={field} />
        ))}
        <button type="submit" class="primary">
          {verb}
        </button>
      </form>
    </Dialog>
  )
}
