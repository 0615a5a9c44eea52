// Who may come in: users, teams, API tokens and sessions. Secrets are here as hashes only.
import { bigint, boolean, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { PeopleRole } from './roles.ts'

const number = (name: string) => bigint(name, { mode: 'number' })

export const users = pgTable('users', {
  /** The name that they sign in with, which is also the actor of what they do. */
  id: text('id').primaryKey(),
  displayName: text('display_name'),
  email: text('email'),
  roles: jsonb('roles').$type<readonly PeopleRole[]>().notNull(),
  teams: jsonb('teams').$type<readonly string[]>().notNull(),
  /** True: sees and acts on the tickets of those teams only. */
  limitedToTeams: boolean('limited_to_teams').notNull(),
  /** scrypt, with its parameters and salt; null = signs in elsewhere. */
  passwordHash: text('password_hash'),
  /** `<issuer> <subject>` of whoever signs in by OIDC. */
  external: text('external'),
  disabled: boolean('disabled').notNull(),
  createdAt: number('created_at').notNull(),
  version: integer('version').notNull(),
})
export type UserRow = typeof users.$inferSelect

export const teams = pgTable('teams', {
  id: text('id').primaryKey(),
  title: text('title').notNull(),
  retired: boolean('retired').notNull(),
  version: integer('version').notNull(),
})
export type TeamRow = typeof teams.$inferSelect

export const apiTokens = pgTable('api_tokens', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  sha256: text('sha256').notNull(),
  roles: jsonb('roles').$type<readonly PeopleRole[]>().notNull(),
  /** Null = of every team. */
  teams: jsonb('teams').$type<readonly string[]>(),
  /** May send alerts and changes. */
  ingest: boolean('ingest').notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: number('created_at').notNull(),
  expiresAt: number('expires_at').notNull(),
  revokedAt: number('revoked_at'),
})
export type ApiTokenRow = typeof apiTokens.$inferSelect

export const sessions = pgTable('sessions', {
  /** SHA-256 of what the cookie carries. */
  id: text('id').primaryKey(),
  userId: text('user_id').notNull(),
  via: text('via').$type<'password' | 'oidc'>().notNull(),
  openedAt: number('opened_at').notNull(),
  /** Written now and then, not with each request. */
  seenAt: number('seen_at').notNull(),
  expiresAt: number('expires_at').notNull(),
})
export type SessionRow = typeof sessions.$inferSelect
