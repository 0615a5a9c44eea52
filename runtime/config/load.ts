// Puts the configuration together: defaults, then the file, then the environment, then flags.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { z } from 'zod'
import { environment } from './environment.ts'
import { type Config, type ConfigInput, configSchema } from './schema.ts'
import { SECRET_TAGS } from './secrets.ts'

/** The configuration cannot be used; the message says what to mend, a line per fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type Tree = Record<string, unknown>

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const merge = (base: Tree, over: Tree): Tree => {
  const merged: Tree = { ...base }
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue
    const old = merged[key]
    merged[key] = isTree(old) && isTree(value) ? merge(old, value) : value
  }
  return merged
}

const readFile = (path: string): Tree => {
  let tree: unknown
  try {
    tree = parse(readFileSync(path, 'utf8'), { customTags: SECRET_TAGS })
  } catch (error) {
    throw new ConfigError(`${path}: ${(error as Error).message}`)
  }
  if (tree === null || tree === undefined) return {}
  if (!isTree(tree)) throw new ConfigError(`${path}: must be a mapping of settings`)
  return tree
}

const section = (key: string, name: string): Tree => {
  const value = environment(name)
  return value === undefined ? {} : { [key]: value }
}

const fromEnvironment = (): Tree => {
  const brokers = environment('KAFKA_BROKERS')
  const postgres = section('url', 'FAULTLINE_POSTGRES_URL')
  const clickhouse = {
    ...section('url', 'FAULTLINE_CLICKHOUSE_URL'),
    ...section('username', 'FAULTLINE_CLICKHOUSE_USER'),
    ...section('password', 'FAULTLINE_CLICKHOUSE_PASSWORD'),
    ...section('database', 'FAULTLINE_CLICKHOUSE_DATABASE'),
  }
  return {
    ...(brokers === undefined ? {} : { kafka: { brokers: brokers.split(',') } }),
    ...(Object.keys(postgres).length > 0 ? { postgres } : {}),
    ...('url' in clickhouse ? { clickhouse } : {}),
    ...tokenFromEnvironment(),
    senders: section('snsVerify', 'FAULTLINE_SNS_VERIFY'),
    ...section('logLevel', 'FAULTLINE_LOG_LEVEL'),
    ...section('data', 'FAULTLINE_DATA'),
  }
}

/** One full-access token, where a file of tokens would be too much. */
const tokenFromEnvironment = (): Tree => {
  const sha256 = environment('FAULTLINE_TOKEN_SHA256')
  return sha256 === undefined ? {} : { auth: { tokens: [{ name: 'operator', sha256 }] } }
}

/**
 * @param file YAML; absent = FAULTLINE_CONFIG, or none
 * @param flags what the command line says; it wins
 * @throws ConfigError naming each wrong setting
 */
export const loadConfig = (file?: string, flags: ConfigInput = {}): Config => {
  const path = file ?? environment('FAULTLINE_CONFIG')
  const tree = merge(
    merge(path === undefined ? {} : readFile(path), fromEnvironment()),
    flags as Tree,
  )
  const parsed = configSchema.safeParse(tree)
  if (!parsed.success) throw new ConfigError(describe(parsed.error))
  return parsed.data
}

const describe = (error: z.ZodError): string =>
  error.issues
    .map((fault) => `${fault.path.join('.') || 'configuration'}: ${fault.message}`)
    .join('\n')

/**
 * Lays a stage's settings from the file over its defaults; a key that the stage does not have,
 * or a value of another type, is refused.
 */
export const overlaySettings = <T extends object>(
  section: string,
  defaults: T,
  over: Readonly<Record<string, unknown>>,
): T => {
  for (const [key, value] of Object.entries(over)) {
    const known = (defaults as Tree)[key]
    if (!(key in defaults))
      throw new ConfigError(
        `${section}.${key}: unknown setting (known: ${Object.keys(defaults).join(', ')})`,
      )
    if (known !== undefined && kindOf(known) !== kindOf(value))
      throw new ConfigError(`${section}.${key}: must be a ${kindOf(known)}, as ${String(known)} is`)
  }
  return merge(defaults as Tree, over as Tree) as T
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : typeof value)
