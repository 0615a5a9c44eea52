// Telling a block that the engine will never take from an engine that is away.

const DATA_ERRORS =
  /^(CANNOT_|TYPE_MISMATCH|INCORRECT_DATA|ARGUMENT_OUT_OF_BOUND|VALUE_IS_OUT_OF_RANGE|DECIMAL_OVERFLOW|TOO_LARGE_STRING_SIZE|UNKNOWN_ELEMENT)/

/** Of the rest (no answer, no memory, too many parts, read-only …) a retry may come through. */
const PASSING = /^CANNOT_(SCHEDULE|ALLOCATE|OPEN|READ_FROM|WRITE_TO|FSYNC|CREATE|ASSIGN|MUNMAP)/

/** True when the rows themselves are wrong: another attempt would meet the same answer. */
export const isRefusal = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null || !('type' in error)) return false
  const type = String(error.type)
  return DATA_ERRORS.test(type) && !PASSING.test(type)
}
