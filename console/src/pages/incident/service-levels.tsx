// What was promised, how much of it is used up, and whether it was kept.
import type { SlaView } from '../../api/types.ts'
import { Due } from '../../parts/due.tsx'
import { durationText } from '../../text/time.ts'

const stateOf = (sla: SlaView) => {
  if (sla.breached) return <span class="breached">missed</span>
  if (!sla.running) return 'stopped'
  return <Due incident={sla} />
}

export const ServiceLevels = ({ slas }: { slas: readonly SlaView[] }) =>
  slas.length === 0 ? null : (
    <section class="block" aria-labelledby="levels">
      <h2 id="levels">Service levels</h2>
      <dl class="facts">
        {slas.map((sla) => (
          <div key={sla.kind} class="facts-row">
            <dt>{sla.kind}</dt>
            <dd title={sla.policy}>
              {stateOf(sla)}{' '}
              <span class="faint num">
                {durationText(sla.elapsedMs)} of {durationText(sla.targetMs)} used
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
