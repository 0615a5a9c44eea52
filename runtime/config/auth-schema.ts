// Settings of who may come in: tokens, sessions, guesses at passwords, OIDC.
import { z } from 'zod'
import { HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import { PEOPLE_ROLES } from '../../ticketing/people/roles.ts'

const duration = (ms: number) => z.number().int().positive().default(ms)
const limit = (count: number) => z.number().int().positive().default(count)

const token = z.strictObject({
  name: z.string().min(1).describe('Shown as the actor'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the token, in 64 hex digits')
    .describe('printf %s "$TOKEN" | sha256sum'),
  access: z
    .enum(['ingest', 'read', 'full'])
    .default('full')
    .describe('ingest = send alerts; read = the role viewer; full = the role admin, and ingest'),
})

const sessions = z.strictObject({
  absoluteMs: duration(12 * HOUR_MS).describe('Signed in at most this long'),
  idleMs: duration(2 * HOUR_MS).describe('Signed out after so long without a request'),
  touchMs: duration(5 * MINUTE_MS).describe('Use is written down at most this often'),
})

const signIn = z.strictObject({
  windowMs: duration(15 * MINUTE_MS).describe('Failures count, and lock, for this long'),
  failuresPerUserMax: limit(10).describe('From one address at one name'),
  failuresPerNameMax: limit(100).describe('At one name, from anywhere'),
  failuresPerAddressMax: limit(50).describe('From one address, at any names'),
  trackedMax: limit(10_000).describe('Names and addresses remembered; the oldest is forgotten'),
})

const passwords = z.strictObject({
  costLog2: z.number().int().min(10).max(20).default(16).describe('scrypt: N = 2^costLog2'),
  blockSize: z.number().int().min(8).max(32).default(8).describe('scrypt: r'),
  parallelism: z.number().int().min(1).max(16).default(2).describe('scrypt: p'),
  atOnceMax: limit(2).describe('Passwords hashed at one time'),
  waitingMax: limit(50).describe('More that wait for it are answered with 503'),
})

const roleByClaim = z.record(z.string(), z.enum(PEOPLE_ROLES))

const oidc = z.strictObject({
  issuer: z.url().describe('Its metadata is read from there'),
  clientId: z.string().min(1),
  clientSecret: z.string().optional().describe('Better: !env NAME or !file PATH'),
  title: z.string().default('single sign-on').describe('On the console’s button'),
  scope: z.string().default('openid profile email'),
  nameClaim: z.string().default('preferred_username').describe('Becomes the user’s name'),
  rolesClaim: z.string().default('groups').describe('A list, or one word'),
  roles: roleByClaim.default({}).describe('Value of the claim: role'),
  defaultRole: z.enum(PEOPLE_ROLES).optional().describe('Absent = who has no role stays out'),
  teamsClaim: z.string().default('groups'),
  teams: z.record(z.string(), z.string()).default({}).describe('Value of the claim: team'),
  limitedToTeams: z.boolean().default(false).describe('They see their teams’ tickets only'),
})

export const authSchema = z.strictObject({
  tokens: z.array(token).default([]),
  required: z
    .boolean()
    .default(false)
    .describe('Also on loopback nobody comes in who has not signed in'),
  sessions: sessions.prefault({}),
  signIn: signIn.prefault({}),
  passwords: passwords.prefault({}),
  oidc: oidc.optional(),
})

export type AuthConfig = z.output<typeof authSchema>
export type OidcConfig = z.output<typeof oidc>
