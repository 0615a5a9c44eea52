// Baseline: Alertmanager's group_by; equal labels are one group for as long as one of them fires.
import { type Alive, assignLives, type Baseline, type BaselineEvent, isAlive } from './baseline.ts'

const labelValue = (label: string, { event }: BaselineEvent): string =>
  label === 'alertname' ? event.name : (event.labels[label] ?? '')

export const groupBy = (...labels: readonly string[]): Baseline => ({
  name: `Alertmanager group_by [${labels.join(', ')}]`,
  assign: (events) => {
    const groups = new Map<string, { ordinal: number; members: Alive[] }>()
    const keyOf = (event: BaselineEvent): string =>
      JSON.stringify(labels.map((label) => labelValue(label, event)))
    return assignLives(
      events,
      (event) => {
        const key = keyOf(event)
        let group = groups.get(key)
        // Alertmanager forgets a group whose alerts are all resolved; the next one is news.
        if (group === undefined || !group.members.some((member) => isAlive(member, event.at))) {
          group = { ordinal: (group?.ordinal ?? 0) + 1, members: [] }
          groups.set(key, group)
        }
        return `${key}#${group.ordinal}`
      },
      (alive) => {
        const group = groups.get(keyOf(alive))!
        group.members = [...group.members.filter((member) => isAlive(member, alive.at)), alive]
      },
    )
  },
})
