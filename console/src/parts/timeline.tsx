// What happened to a ticket, newest first: the correlator's words and people's.
import type { TimelineView } from '../api/types.ts'
import { Time } from './time.tsx'

export const Timeline = ({ entries }: { entries: readonly TimelineView[] }) => (
  <section class="block" aria-labelledby="timeline">
    <h2 id="timeline">Timeline</h2>
    <ol class="timeline">
      {entries.toReversed().map((entry) => (
        <li key={entry.id} class={entry.actor === undefined ? 'by-machine' : 'by-person'}>
          <Time at={entry.at} form="clock" />
          <span class="timeline-kind">{entry.kind.replaceAll('-', ' ')}</span>
          <span class="timeline-text">
            {entry.text}
            {entry.actor !== undefined && <span class="faint"> · {entry.actor}</span>}
          </span>
        </li>
      ))}
    </ol>
  </section>
)
