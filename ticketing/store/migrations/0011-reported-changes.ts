// Changes that tools report beside those that people request, and what people said of the suspects.
import type { Migration } from '../migrate.ts'

export const reportedChanges: Migration = {
  name: '0011-reported-changes',
  statements: [
    `alter table changes add column origin text not null default 'requested'`,
    'alter table changes add column link text',
    `alter table changes add column verdicts jsonb not null default '{}'`,
  ],
}
