// Suites on real parts: run where the part is there, skipped aloud on a laptop, failed in CI.
import { existsSync } from 'node:fs'
import { describe } from 'vitest'

/**
 * @param part what is needed, for people
 * @param path a file that is there exactly when the part is installed
 */
export const describeWith = (part: string, path: string, suite: () => void): void => {
  if (existsSync(path)) {
    describe(`with ${part}`, suite)
    return
  }
  if (process.env.FAULTLINE_REQUIRE_REAL === '1')
    throw new Error(`${part} is required here but ${path} is missing`)
  describe.skip(`with ${part} (skipped: ${path} is missing)`, suite)
}
