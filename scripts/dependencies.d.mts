// Types of dependencies.mjs, for its tests.
export interface Dependency {
  readonly name: string
  readonly version: string
  readonly licence?: string
  readonly deprecated?: string
  readonly purpose: 'required' | 'optional' | 'development'
}
export interface Lock {
  readonly packages: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}
export const readLock: () => Lock
export const dependencies: (lock: Lock) => Dependency[]
export const faultsOf: (found: readonly Dependency[]) => string[]
