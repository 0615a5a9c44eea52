// What the edge counts; the runtime hands in the real counters.

export interface IngestMetrics {
  /** One request. Names that are no source count as `unknown`. */
  delivery(source: string, status: number, bytes: number): void
  accepted(source: string, events: number, dropped: number): void
  refused(source: string, reason: string, items: number): void
}

export const noMetrics: IngestMetrics = {
  delivery: () => {},
  accepted: () => {},
  refused: () => {},
}
