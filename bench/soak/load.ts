// The soak's traffic: an even pace of repeats, with alerts that begin and end all the while.
import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

const BATCH = 100
const CONNECTIONS = 8
/** Deliveries under way; beyond it the next one waits, and the pace is not kept. */
const UNDERWAY_MAX = 64
const BACK_OFF_MS = 100
const EXPIRES_AFTER_MS = 10 * 60_000
/** Of what is sent: begins, and as much ends. The rest repeats what is live. */
const CHURN = 0.01
/** Alerts that come from one failure, on one service, within moments. */
const FAILURE_ALERTS = 20
const TYPES = 50
const SERVICES = 400

export interface LoadOptions {
  readonly url: string
  /** Alerts a second. */
  readonly rate: number
  /** Alerts that are firing at any time. */
  readonly live: number
}

export interface Load {
  /** Alerts acknowledged so far. */
  acknowledged(): number
  /** Deliveries that were answered 503, and sent again. */
  refused(): number
  /** Alerts that have begun so far: each is another one. */
  begun(): number
  /** Finishes what is under way. */
  stop(): Promise<void>
}

const alertOf = (number: number, startsAt: string, endsAt: string) => {
  const failure = Math.floor(number / FAILURE_ALERTS)
  const service = `svc-${(failure * 7) % SERVICES}`
  return {
    labels: {
      alertname: `Condition${(number * 13) % TYPES}`,
      severity: number % FAILURE_ALERTS === 0 ? 'critical' : 'warning',
      service,
      instance: `${service}-${number}:9100`,
      cluster: 'eu-1',
    },
    annotations: { summary: `Condition ${(number * 13) % TYPES} of ${service} is above its limit` },
    startsAt,
    endsAt,
  }
}

/** Live alerts are a window over all numbers, which moves on by the churn. */
const createWindow = (live: number) => {
  const startedAt = new Map<number, string>()
  let first = 0
  let next = 0
  let turn = 0
  const begin = (at: string): number => {
    startedAt.set(next, at)
    return next++
  }
  return {
    begun: () => next,
    batch: (now: number) => {
      const at = new Date(now).toISOString()
      const expires = new Date(now + EXPIRES_AFTER_MS).toISOString()
      const alerts: object[] = []
      const filling = next - first < live
      const changes = filling ? BATCH : Math.round(BATCH * CHURN)
      for (let i = 0; i < changes; i++) alerts.push(alertOf(begin(at), at, expires))
      while (next - first > live) {
        alerts.push(alertOf(first, startedAt.get(first)!, at))
        startedAt.delete(first++)
      }
      while (alerts.length < BATCH) {
        const number = first + (turn++ % (next - first))
        alerts.push(alertOf(number, startedAt.get(number)!, expires))
      }
      return Buffer.from(JSON.stringify(alerts))
    },
  }
}

const post = (url: string, agent: Agent, body: Buffer): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    const sent = request(`${url}/api/v2/alerts`, { agent, method: 'POST', headers })
    sent.on('error', reject).on('response', (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
    })
    sent.end(body)
  })

/** @param failed a sender's answer was neither 200 nor 503, or there was none */
export const startLoad = (options: LoadOptions, failed: (error: Error) => void): Load => {
  const { url, rate, live } = options
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const window = createWindow(live)
  const underway = new Set<Promise<void>>()
  let acknowledged = 0
  let refused = 0
  let stopped = false

  const deliver = async (body: Buffer): Promise<void> => {
    for (;;) {
      const status = await post(url, agent, body)
      if (status === 200) {
        acknowledged += BATCH
        return
      }
      if (status !== 503) throw new Error(`a delivery was answered ${status}`)
      refused += 1
      await pause(BACK_OFF_MS)
    }
  }

  const pacing = (async (): Promise<void> => {
    const everyMs = (BATCH / rate) * 1_000
    for (let due = performance.now(); !stopped; due += everyMs) {
      const early = due - performance.now()
      if (early > 0) await pause(early)
      if (underway.size >= UNDERWAY_MAX) {
        await Promise.race(underway)
        due = performance.now() // what was not sent in time is not made up for
      }
      const sending = deliver(window.batch(Date.now())).catch((error: Error) => {
        if (!stopped) failed(error)
      })
      const done = sending.finally(() => underway.delete(done))
      underway.add(done)
    }
  })()

  return {
    acknowledged: () => acknowledged,
    refused: () => refused,
    begun: window.begun,
    stop: async () => {
      stopped = true
      await pacing
      await Promise.all(underway)
      agent.destroy()
    },
  }
}
