// Short words to the person at the screen that go away by themselves.
import { signal } from '@preact/signals'

const TOAST_MS = 8_000
const TOASTS_MAX = 4

export interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'good' | 'bad'
}

export const toasts = signal<readonly Toast[]>([])

let nextId = 1

export const dismissToast = (id: number): void => {
  toasts.value = toasts.value.filter((toast) => toast.id !== id)
}

export const say = (text: string, tone: Toast['tone'] = 'good'): void => {
  const id = nextId++
  toasts.value = [...toasts.value, { id, text, tone }].slice(-TOASTS_MAX)
  setTimeout(() => dismissToast(id), TOAST_MS)
}
