// Keyboard: one table of bindings per page, one listener, and the help that reads both.
import { signal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'

export interface Binding {
  /** As KeyboardEvent.key names it: `j`, `/`, `Escape`. */
  readonly key: string
  readonly label: string
  readonly run: () => void
  /** Works while typing as well. */
  readonly everywhere?: boolean
}

export interface BindingGroup {
  readonly title: string
  readonly bindings: readonly Binding[]
}

/** Innermost last: its bindings win. */
export const groups = signal<readonly BindingGroup[]>([])

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type))

const handleKey = (event: KeyboardEvent): void => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  // A dialog owns the keyboard while it is open.
  if (document.querySelector('dialog[open]') !== null) return
  const typing = isTyping(event.target)
  for (const group of groups.value.toReversed()) {
    const binding = group.bindings.find(({ key }) => key === event.key)
    if (binding === undefined || (typing && binding.everywhere !== true)) continue
    event.preventDefault()
    binding.run()
    return
  }
}

export const startKeys = (): void => document.addEventListener('keydown', handleKey)

/** The group's bindings work for as long as the calling component is on the page. */
export const useKeys = (group: BindingGroup): void => {
  // As soon as it is drawn: a quick hand does not wait for the browser to be idle.
  useLayoutEffect(() => {
    groups.value = [...groups.value, group]
    return () => {
      groups.value = groups.value.filter((other) => other !== group)
    }
  }, [group])
}
