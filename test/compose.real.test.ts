// docker-compose.yml is what Compose accepts, pinned, healthy by check, and runs every role.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../runtime/config/load.ts'
import { ROLES } from '../runtime/roles/role.ts'
import { ROOT } from './support/processes.ts'
import { describeWith } from './support/real.ts'

const COMPOSE = '/usr/bin/docker-compose'

interface Service {
  readonly image: string
  readonly command?: readonly string[]
  readonly healthcheck?: unknown
}

const variables = readFileSync(join(ROOT, '.env.example'), 'utf8')
  .split('\n')
  .filter((line) => /^[A-Z_0-9]+=/.test(line))
  .map((line) => line.slice(0, line.indexOf('=')))

const compose = (given: Record<string, string>) =>
  spawnSync(COMPOSE, ['config'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', ...given },
  })

const PORTS: Record<string, string> = {
  CONSOLE_PORT: '8080',
  INGEST_PORT: '8081',
  GRAFANA_PORT: '3000',
  PROMETHEUS_PORT: '9090',
}
const filled = Object.fromEntries(variables.map((name) => [name, PORTS[name] ?? 'x']))

describeWith('Docker Compose', COMPOSE, () => {
  test('the file is valid once .env.example is filled in', () => {
    const { status, stderr } = compose(filled)
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  test('a forgotten secret is named before anything starts', () => {
    const { POSTGRES_PASSWORD: _, ...rest } = filled
    const { status, stderr } = compose(rest)
    expect(status).not.toBe(0)
    expect(stderr).toContain('.env.example')
  })

  test('every image is pinned and every service has a health check', () => {
    const { services } = parse(compose(filled).stdout) as { services: Record<string, Service> }
    for (const [name, { image, healthcheck }] of Object.entries(services)) {
      expect(image, name).toMatch(/:v?\d+\.\d+/)
      expect(healthcheck, name).toBeDefined()
    }
  })

  test('each role runs as a service of its own', () => {
    const { services } = parse(compose(filled).stdout) as { services: Record<string, Service> }
    for (const role of ROLES) expect(services[role]?.command).toEqual(['serve', '--role', role])
  })

  test('the containers’ configuration file can be used', () => {
    const config = loadConfig(join(ROOT, 'runtime/deploy/faultline.yaml'))
    expect(config.listen.host).toBe('0.0.0.0')
  })
})
