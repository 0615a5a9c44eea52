// What the correlator makes of its incidents: hints that look beyond the incident, known errors.
import { describe, expect, test } from 'vitest'
import { restoreCorrelator } from './correlator.ts'
import { defaultCorrelatorSettings } from './settings.ts'
import { play, recordsOf, topologyOf } from './testing/scenario.ts'

/** The host is a hole: no relation leads to it. */
const SHOP = topologyOf(`
  web depends_on api
  api depends_on db
`)
/** Nothing joins, as where the topology has holes: every alert is an incident of its own. */
const apart = { ...defaultCorrelatorSettings, joinThreshold: 99 }

describe('hints', () => {
  const lines = `
    00:00 fire HostDown@host-7 severity=critical
    00:20 fire HighErrorRate@api
    04:00 tick`

  test('name a CI that the topology lacks and that alerted just before in another incident', () => {
    const { world } = play(recordsOf(lines), { topology: SHOP, settings: apart })
    const { hints } = world.incidentOf('HighErrorRate@api')
    const host = hints.find(({ ci }) => ci === 'host-7')
    expect(host?.reasons.map(({ text }) => text)).toContain(
      'host-7, which the topology does not know, alerted 20 s before this began, in another incident',
    )
  })

  test('name a silent CI upstream, and say that it is silent', () => {
    const { world } = play(recordsOf(lines), { topology: SHOP })
    const silent = world.incidentOf('HighErrorRate@api').hints.find(({ ci }) => ci === 'db')
    expect(silent?.reasons.map(({ text }) => text).join()).toContain('it raised no alert itself')
  })

  test('remember what alerted elsewhere for as long as the incident lasts, restarts included', () => {
    const { world, correlator } = play(recordsOf(lines), { topology: SHOP, settings: apart })
    const restored = restoreCorrelator(correlator.snapshot(), apart)
    for (const record of recordsOf('50:00 resolve HighErrorRate@api since=00:20\n55:00 tick'))
      world.hear(restored.apply(record, restored.position()))
    const incident = world.incidentOf('HighErrorRate@api')
    expect(incident.status).toBe('resolved')
    expect(incident.hints.map(({ ci }) => ci)).toContain('host-7')
  })
})
