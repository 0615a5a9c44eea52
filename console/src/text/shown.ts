// Makes what cannot be seen visible: text from alerts may carry controls and bidi overrides.

/** C0 and C1 controls but tab and line feed, soft hyphen, zero-width, bidi marks and overrides. */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/gu

const escapeOne = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** The text with each unseen character as its escape, e.g. `\u202e`. */
export const shown = (text: string): string => text.replace(UNSEEN, escapeOne)

/** JSON text in which such a character could hide, escaped or raw. */
const SUSPECT =
  /\\u(?:00[0189]|00ad|007f|20[0-6]|feff|d[89a-f])|[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/i

/** Parses an answer so that no string in it can deceive the eye, wherever it is shown. */
export const parseShown = (json: string): unknown =>
  SUSPECT.test(json)
    ? JSON.parse(json, (_key, value: unknown) => (typeof value === 'string' ? shown(value) : value))
    : JSON.parse(json)
