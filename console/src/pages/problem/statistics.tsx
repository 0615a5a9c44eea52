// How often, when, how long, and whether it gets worse.
import type { ProblemView } from '../../api/types.ts'
import { now } from '../../clock.ts'
import { Bars } from '../../parts/bars.tsx'
import { HeatMap } from '../../parts/heat-map.tsx'
import { Time } from '../../parts/time.tsx'
import { countText, percentText } from '../../text/counts.ts'
import { durationText } from '../../text/time.ts'
import { trendWords, weeklyCounts } from '../../text/trend.ts'

const MINUTE_MS = 60_000
const WEEKS_SHOWN = 12

export const Statistics = ({ problem }: { problem: ProblemView }) => {
  const { statistics } = problem
  const openings = problem.incidents.map(({ openedAt }) => Date.parse(openedAt))
  return (
    <section class="block" aria-labelledby="statistics">
      <h2 id="statistics">Recurrence</h2>
      <dl class="figures">
        <div>
          <dt>Incidents</dt>
          <dd class="num">{countText(statistics.count)}</dd>
        </div>
        <div>
          <dt>Time lost</dt>
          <dd class="num">{durationText(statistics.minutesLost * MINUTE_MS)}</dd>
        </div>
        {statistics.meanIntervalMs !== undefined && (
          <div>
            <dt>Mean interval</dt>
            <dd class="num">{durationText(statistics.meanIntervalMs)}</dd>
          </div>
        )}
        <div>
          <dt>Share of all incidents</dt>
          <dd class="num">{percentText(statistics.share)}</dd>
        </div>
        <div>
          <dt>Trend</dt>
          <dd>{trendWords(statistics.trendPerDay)}</dd>
        </div>
        <div>
          <dt>First and last</dt>
          <dd>
            <Time at={statistics.firstAt} /> to <Time at={statistics.lastAt} />
          </dd>
        </div>
      </dl>
      <div class="charts">
        <HeatMap hourOfWeek={statistics.hourOfWeek} label="Incidents by hour of the week" />
        <figure>
          <Bars
            values={weeklyCounts(openings, now.value, WEEKS_SHOWN)}
            unit="incidents"
            label={`Incidents a week over ${WEEKS_SHOWN} weeks`}
          />
          <figcaption class="faint">
            Incidents a week, of the newest {problem.incidents.length}
          </figcaption>
        </figure>
      </div>
    </section>
  )
}
