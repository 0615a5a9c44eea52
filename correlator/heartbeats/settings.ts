// The named limits of heartbeats; a part of the correlator's settings.
import { HOUR_MS, MINUTE_MS, type Millis, SECOND_MS } from '../../domain/time.ts'

export interface HeartbeatSettings {
  /** Heartbeats of one partition; a further definition is not taken. */
  readonly heartbeatsMax: number
  /** An edge that is not heard of for longer was away: what is missed then is nobody's fault. */
  readonly edgeSilenceMaxMs: Millis
  /** A ping may be this much on its way from the edge into the log. */
  readonly pingDelayMaxMs: Millis
  /** Runs of one heartbeat under way at once; beyond it the oldest is forgotten. */
  readonly runsMax: number
  /** Pings of one heartbeat between two tellings; beyond it the oldest are only counted. */
  readonly pingsToldMax: number
  /** Of these, the newest that keep their bodies. */
  readonly bodiesToldMax: number
  /** A source that is heard again has this long to repeat what still fires. */
  readonly sourceRecoveryMs: Millis
  /** Alerts of these names are no alerts but signs of life of whoever sends them. */
  readonly watchdogNames: readonly string[]
  /** Heartbeats made of such alerts; beyond it they are alerts like any other. */
  readonly watchdogsMax: number
  /** Expected this often where the alert itself does not say when it ends. */
  readonly watchdogPeriodMs: Millis
  /** Then it has this long. */
  readonly watchdogGraceMs: Millis
  /** Labels that tell whose alerts a Watchdog speaks for. */
  readonly watchdogLabels: readonly string[]
}

export const defaultHeartbeatSettings: HeartbeatSettings = {
  heartbeatsMax: 20_000,
  edgeSilenceMaxMs: 15 * SECOND_MS,
  pingDelayMaxMs: 2 * SECOND_MS,
  runsMax: 20,
  pingsToldMax: 20,
  bodiesToldMax: 4,
  sourceRecoveryMs: 5 * MINUTE_MS,
  watchdogNames: ['Watchdog', 'DeadMansSwitch'],
  watchdogsMax: 1_000,
  // Alertmanager's repeat_interval, unless its route says otherwise.
  watchdogPeriodMs: 4 * HOUR_MS,
  watchdogGraceMs: 10 * MINUTE_MS,
  watchdogLabels: ['prometheus', 'cluster'],
}
