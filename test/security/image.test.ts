// The container: nobody in particular runs it, and it can write nothing but its data.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { ROOT } from '../support/processes.ts'

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

describe('the image', () => {
  const lines = read('runtime/deploy/Dockerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))

  test('is run by a user with a number that is not root’s, from its last word on', () => {
    const users = last.filter((line) => line.startsWith('USER '))
    expect(users).toEqual(['USER 1000:1000'])
    const after = last.slice(last.indexOf(users[0]!))
    expect(after.filter((line) => /^(RUN|COPY|ADD) /.test(line))).toEqual([])
  })

  test('holds neither the sources, nor the tools that built it, nor a secret', () => {
    expect(last.filter((line) => line.startsWith('COPY '))).toEqual([
      'COPY --from=build /app/node_modules ./node_modules',
      'COPY --from=build /app/dist ./dist',
      'COPY --from=build /app/package.json ./package.json',
    ])
    expect(lines.filter((line) => /^(ARG|ENV)\b.*(TOKEN|SECRET|PASSWORD)/.test(line))).toEqual([])
    expect(read('.dockerignore').split('\n')).toEqual(expect.arrayContaining(['.git', '.env']))
  })

  test('writes to one volume, its own user’s', () => {
    expect(last).toContain('VOLUME /data')
    expect(last).toContain('ENV FAULTLINE_DATA=/data')
    expect(last.join('\n')).toMatch(/install -d -o 1000 -g 1000 -m 700 \/data/)
  })
})

describe('the compose file', () => {
  interface Service {
    readonly image?: string
    readonly read_only?: boolean
    readonly user?: string
    readonly cap_drop?: readonly string[]
    readonly security_opt?: readonly string[]
    readonly privileged?: boolean
  }
  const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
    services: Record<string, Service>
  }
  const ours = Object.entries(services).filter(([, { image }]) => image?.startsWith('faultline:'))

  test.each(ours)(
    '%s has a read-only root, no capability, and cannot gain any',
    (_name, service) => {
      expect(service).toMatchObject({ read_only: true, user: '1000:1000', cap_drop: ['ALL'] })
      expect(service.security_opt).toContain('no-new-privileges:true')
    },
  )

  test('names the four roles, and lets nobody be privileged', () => {
    expect(ours.length).toBeGreaterThanOrEqual(4)
    expect(Object.values(services).filter(({ privileged }) => privileged)).toEqual([])
  })
})

describe('the manifests for Kubernetes', () => {
  interface Workload {
    readonly kind: string
    readonly metadata: { readonly name: string }
    readonly spec: {
      readonly template: {
        readonly spec: {
          readonly securityContext?: object
          readonly automountServiceAccountToken?: boolean
          readonly containers: readonly { readonly securityContext?: object }[]
        }
      }
    }
  }
  const folder = 'runtime/deploy/kubernetes'
  const workloads = readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => parseAllDocuments(read(join(folder, name))))
    .map((document) => document.toJS() as Workload)
    .filter((each) => /^(Deployment|StatefulSet)$/.test(each?.kind))

  test('run as nobody in particular, on a read-only root, without capabilities', () => {
    expect(workloads.length).toBeGreaterThanOrEqual(4)
    for (const { metadata, spec } of workloads) {
      const pod = spec.template.spec
      expect(pod.securityContext, metadata.name).toMatchObject({ runAsNonRoot: true })
      for (const { securityContext } of pod.containers)
        expect(securityContext, metadata.name).toMatchObject({
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        })
    }
  })
})
