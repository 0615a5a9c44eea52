// Light, dark, or as the system has it.
import { effect, signal } from '@preact/signals'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const THEME_KEY = 'faultline.theme'

const storedTheme = (): Theme => {
  const stored = localStorage.getItem(THEME_KEY)
  return THEMES.find((theme) => theme === stored) ?? 'system'
}

export const theme = signal<Theme>('system')

export const startTheme = (): void => {
  theme.value = storedTheme()
  effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme.value
    localStorage.setItem(THEME_KEY, theme.value)
  })
}
