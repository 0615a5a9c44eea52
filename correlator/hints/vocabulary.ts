// What an alert type's words say before anything is learned: causes name a broken part, symptoms a
// slow or failing answer.

export type Leaning = 'cause' | 'symptom' | 'none'

const CAUSE_WORDS = new Set(
  (
    'unreachable full exhausted expired oom killed memory leak disk filesystem inode inodes ' +
    'certificate cert dns servfail nxdomain deploy deployment rollout config deadlock deadlocks ' +
    'replication replica link interface packet loss steal iowait login hardware power fan ' +
    'temperature raid volume quota lag backlog query queries split partition notready corrupt corruption'
  ).split(' '),
)
const SYMPTOM_WORDS = new Set(
  (
    'latency p50 p90 p95 p99 slow error errors 5xx 4xx slo sla budget burn apdex probe blackbox ' +
    'timeout timeouts availability response duration throughput requests success'
  ).split(' '),
)

/** A thing that is gone: `HostDown`, `NodeNotReady`, `switch offline`. */
const GONE =
  /\b(host|node|server|instance|switch|router|device|link|port) (down|not ready|offline|lost|gone|dead)\b/

/** `HighErrorRate`, `disk_full`, `mongo: deadlocks` → lower-case words. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)

/** Undecided where a name has words of neither kind, or as many of both. */
export const leaningOf = (name: string): Leaning => {
  const words = wordsOf(name)
  let balance = GONE.test(words.join(' ')) ? 1 : 0
  for (const word of words) {
    if (CAUSE_WORDS.has(word)) balance += 1
    if (SYMPTOM_WORDS.has(word)) balance -= 1
  }
  return balance > 0 ? 'cause' : balance < 0 ? 'symptom' : 'none'
}
