// The one place that reads the process environment.

/** A value of the environment; empty counts as absent. */
export const environment = (name: string): string | undefined => {
  const value = process.env[name]
  return value === undefined || value === '' ? undefined : value
}

/** Names that are set and begin with `prefix`. */
export const environmentNames = (prefix: string): string[] =>
  Object.keys(process.env).filter((name) => name.startsWith(prefix) && process.env[name] !== '')

/** For libraries that look there by themselves; what an operator has set stays. */
export const setDefaultEnvironment = (name: string, value: string): void => {
  process.env[name] ??= value
}
