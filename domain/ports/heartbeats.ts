// The Heartbeats port: whom a ping is for, as the edge must know before it answers.

export interface HeartbeatAddress {
  readonly id: string
  readonly scope: string
  readonly slug: string
  readonly name: string
  /** Lower case; absent where only alerts feed it. */
  readonly uuid?: string
  /** False until the correlator has said that it knows it. */
  readonly isKnown: boolean
}

export interface HeartbeatDirectory {
  /**
   * @param uuid in lower case
   * @throws DirectoryUnavailableError when nobody can say now
   */
  byUuid(uuid: string): Promise<HeartbeatAddress | undefined>
  bySlug(slug: string): Promise<HeartbeatAddress | undefined>
  /** By its name as people see it, or else by its slug. */
  byName(name: string): Promise<HeartbeatAddress | undefined>
  /** Makes one with the defaults, unless there is one by now; resolves once pings may follow. */
  provision(
    slug: string,
  ): Promise<{ readonly address: HeartbeatAddress; readonly created: boolean }>
  /** Scopes that have heartbeats. */
  scopes(): ReadonlySet<string>
}

/** Nobody can say now whether there is such a heartbeat: answer 503. */
export class DirectoryUnavailableError extends Error {
  override readonly name = 'DirectoryUnavailableError'
}
