// Types of broker.mjs, for the tests.
export interface Broker {
  readonly brokers: string[]
  /** `host:port` on the second address; undefined where none was asked for. */
  readonly alsoOn: string | undefined
  readonly version: string
  stop(): Promise<void>
  /** Ends at once, as by a power cut, and leaves the data for `start`. */
  kill(): Promise<void>
  start(): Promise<void>
  restart(): Promise<void>
  /** Stops answering without closing its connections. */
  pause(): boolean
  resume(): boolean
}

export interface BrokerOptions {
  readonly version?: string
  readonly port?: number
  readonly data?: string
  /** A second address that it listens on, e.g. of a network namespace's link. */
  readonly alsoOn?: string
}

export declare const startBroker: (options?: BrokerOptions) => Promise<Broker>
