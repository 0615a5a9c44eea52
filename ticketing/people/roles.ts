// The five roles: what a person or a token may do follows from these and nothing else.

export const PEOPLE_ROLES = [
  'viewer',
  'responder',
  'problem-manager',
  'change-manager',
  'admin',
] as const
export type PeopleRole = (typeof PEOPLE_ROLES)[number]
