// The buttons and keys of one ticket, and the dialogs behind those that need words.
import type { ComponentChildren } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import { type Binding, useKeys } from '../keys.ts'
import type { Field, FormBody } from './fields.tsx'
import { FormDialog } from './form-dialog.tsx'

export interface ActionForm {
  readonly verb: string
  readonly key?: string
  /** Absent = done at once. */
  readonly fields?: readonly Field[]
  /** Kept in a menu. */
  readonly rare?: boolean
}

export type ActionForms = Readonly<Record<string, ActionForm>>

interface ActionBarProps {
  /** `INC-7` */
  readonly number: string
  readonly forms: ActionForms
  /** What may be done now; forms for anything else are not offered. */
  readonly legal: readonly string[]
  readonly onAct: (action: string, body: FormBody) => void
  /** Further buttons. */
  readonly children?: ComponentChildren
}

interface RareProps {
  readonly forms: readonly (readonly [string, ActionForm])[]
  readonly onBegin: (action: string) => void
}

const Rare = ({ forms, onBegin }: RareProps) => {
  const menu = useRef<HTMLDetailsElement>(null)
  if (forms.length === 0) return null
  return (
    <details class="menu" ref={menu}>
      <summary>More</summary>
      <div class="menu-body menu-start">
        {forms.map(([action, { verb }]) => (
          <button
            type="button"
            key={action}
            class="menu-item"
            onClick={() => {
              menu.current?.removeAttribute('open')
              onBegin(action)
            }}
          >
            {verb}
          </button>
        ))}
      </div>
    </details>
  )
}

export const ActionBar = ({ number, forms, legal, onAct, children }: ActionBarProps) => {
  const [open, setOpen] = useState<string>()
  const offered = Object.entries(forms).filter(([action]) => legal.includes(action))
  const begin = (action: string): void => {
    if (forms[action]?.fields === undefined) onAct(action, {})
    else setOpen(action)
  }
  const names = offered.map(([action]) => action).join(' ')
  const group = useMemo(() => {
    const bindings: Binding[] = offered.flatMap(([action, { verb, key }]) =>
      key === undefined ? [] : [{ key, label: verb, run: () => begin(action) }],
    )
    return { title: number, bindings }
  }, [number, names, onAct])
  useKeys(group)
  const form = open === undefined ? undefined : forms[open]
  return (
    <div class="actions">
      {offered
        .filter(([, { rare }]) => rare !== true)
        .map(([action, { verb, key }], i) => (
          <button
            type="button"
            key={action}
            class={i === 0 ? 'primary' : ''}
            onClick={() => begin(action)}
          >
            {verb} {key !== undefined && <kbd>{key}</kbd>}
          </button>
        ))}
      {children}
      <Rare forms={offered.filter(([, { rare }]) => rare === true)} onBegin={begin} />
      {open !== undefined && form?.fields !== undefined && (
        <FormDialog
          title={`${form.verb} ${number}`}
          verb={form.verb}
          fields={form.fields}
          onClose={() => setOpen(undefined)}
          onSubmit={(body) => {
            setOpen(undefined)
            onAct(open, body)
          }}
        />
      )}
    </div>
  )
}
