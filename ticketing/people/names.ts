// What a user may be called, and how short a password may be.

/** Also what approvals and assignments compare, so one spelling only. */
export const USER_NAME = /^[a-z0-9][a-z0-9._@+-]{0,99}$/

/** Short ones are guessed. */
export const PASSWORD_LENGTH_MIN = 12
