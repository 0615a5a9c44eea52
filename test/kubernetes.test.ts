// The Kubernetes manifests are what their schemas accept, harden every pod, and fit each other.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Deployment } from 'kubernetes-models/apps/v1'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Service, ServiceAccount } from 'kubernetes-models/v1'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { configSchema } from '../runtime/config/schema.ts'
import { ROLES } from '../runtime/roles/role.ts'
import { ROOT } from './support/processes.ts'

const DIRECTORY = join(ROOT, 'runtime/deploy/kubernetes')

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
}

const manifests = readdirSync(DIRECTORY)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => parseAllDocuments(readFileSync(join(DIRECTORY, name), 'utf8')))
  .map((document) => document.toJS() as Manifest)

/** Each throws, with the path of the fault, where a manifest is not what its kind's schema says. */
const KINDS: Readonly<Record<string, (manifest: never) => { validate(): void }>> = {
  'apps/v1 Deployment': (manifest) => new Deployment(manifest),
  'autoscaling/v2 HorizontalPodAutoscaler': (manifest) => new HorizontalPodAutoscaler(manifest),
  'networking.k8s.io/v1 NetworkPolicy': (manifest) => new NetworkPolicy(manifest),
  'policy/v1 PodDisruptionBudget': (manifest) => new PodDisruptionBudget(manifest),
  'v1 ConfigMap': (manifest) => new ConfigMap(manifest),
  'v1 Service': (manifest) => new Service(manifest),
  'v1 ServiceAccount': (manifest) => new ServiceAccount(manifest),
}

const validate = (manifest: Manifest): void => {
  const model = KINDS[`${manifest.apiVersion} ${manifest.kind}`]
  if (model === undefined) throw new Error(`no schema for ${manifest.apiVersion} ${manifest.kind}`)
  model(manifest as never).validate()
}

const ofKind = <T>(kind: string): (Manifest & T)[] =>
  manifests.filter((manifest) => manifest.kind === kind) as (Manifest & T)[]

interface Container {
  readonly args: readonly string[]
  readonly startupProbe?: object
  readonly livenessProbe?: object
  readonly readinessProbe?: object
}
const deployments = ofKind<{
  spec: { template: { metadata: { labels: object }; spec: { containers: Container[] } } }
}>('Deployment')

describe('the Kubernetes manifests', () => {
  test.each(manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest]))(
    '%s is what its schema accepts',
    (_name, manifest) => validate(manifest as Manifest),
  )

  test('the schemas would see a fault', () => {
    const [deployment] = deployments
    expect(() => validate({ ...deployment!, spec: { replicas: 'two' } } as never)).toThrow()
  })

  test('every role has one deployment with its probes', () => {
    const containers = deployments.map(({ spec }) => spec.template.spec.containers[0]!)
    expect(containers.map(({ args }) => args[2]).sort()).toEqual([...ROLES].sort())
    for (const { startupProbe, livenessProbe, readinessProbe } of containers)
      expect([startupProbe, livenessProbe, readinessProbe]).not.toContain(undefined)
  })

  test('no pod runs as root, writes to its root or keeps a capability', () => {
    for (const { spec } of deployments)
      expect(spec.template.spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            },
          },
        ],
      })
  })

  test('services, budgets and autoscalers name deployments that are there', () => {
    const names = deployments.map(({ metadata }) => metadata.name).sort()
    const selected = (kind: string, of: (manifest: never) => unknown) =>
      ofKind(kind)
        .map((manifest) => of(manifest as never))
        .sort()
    const label = 'app.kubernetes.io/name'
    type Selecting = { spec: { selector: Record<string, string> } }
    type Budget = { spec: { selector: { matchLabels: Record<string, string> } } }
    type Scaler = { spec: { scaleTargetRef: { name: string } } }
    expect(selected('Service', ({ spec }: Selecting) => spec.selector[label])).toEqual(names)
    expect(
      selected('PodDisruptionBudget', ({ spec }: Budget) => spec.selector.matchLabels[label]),
    ).toEqual(names)
    expect(
      selected('HorizontalPodAutoscaler', ({ spec }: Scaler) => spec.scaleTargetRef.name),
    ).toEqual(names)
  })

  test('the configuration is one that the program accepts', () => {
    const [map] = ofKind<{ data: Record<string, string> }>('ConfigMap')
    expect(() => configSchema.parse(parse(map!.data['faultline.yaml']!))).not.toThrow()
  })
})
