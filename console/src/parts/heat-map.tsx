// When in the week it happens: seven days by twenty-four hours, shade and number.

import { plural } from '../text/counts.ts'
import { viewerZone } from '../text/time.ts'
import { hourOffset, inViewerHours } from '../text/week.ts'

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

interface HeatMapProps {
  /** 168 counts, Monday 00:00 UTC first. */
  readonly hourOfWeek: readonly number[]
  readonly label: string
}

/** @param offsetMinutes of the viewer's zone, east positive */
const zoneText = (offsetMinutes: number): string =>
  hourOffset(offsetMinutes) === undefined ? 'UTC' : viewerZone()

export const HeatMap = ({ hourOfWeek, label }: HeatMapProps) => {
  const offsetMinutes = -new Date().getTimezoneOffset()
  const counts = inViewerHours(hourOfWeek, offsetMinutes)
  const most = Math.max(1, ...counts)
  return (
    <figure class="heat">
      <table aria-label={label}>
        <thead>
          <tr>
            <td />
            {HOURS.map((hour) => (
              <th key={hour} scope="col" class="num">
                {hour % 3 === 0 ? (
                  String(hour).padStart(2, '0')
                ) : (
                  <span class="visually-hidden">{hour}</span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {DAYS.map((day, d) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              {HOURS.map((hour) => {
                const count = counts[d * 24 + hour] ?? 0
                return (
                  <td
                    key={hour}
                    class="num"
                    title={`${day} ${String(hour).padStart(2, '0')}:00, ${plural(count, 'incident')}`}
                    style={{ '--share': String(count / most) }}
                  >
                    {count > 0 ? count : ''}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <figcaption class="faint">
        Incidents by hour of the week, {zoneText(offsetMinutes)}
      </figcaption>
    </figure>
  )
}
