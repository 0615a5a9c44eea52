// Views over the fact tables: the newest state of each thing, named for people who write SQL.

/** In these states an incident no longer interrupts anything. */
const ENDED = "('resolved', 'closed')"
/** In these states somebody has taken the incident on. */
const TAKEN = "('acknowledged', 'in-progress', 'on-hold')"

const newestField = (name: string): string => `argMax(fields['${name}'], version) AS ${name}`

/**
 * One row per incident ticket, from its transitions. It ends with the last transition that leads
 * from an open state into an ended one, provided that it has not been opened again since.
 */
const INCIDENT_TICKETS = `
SELECT
  ticket_id,
  argMax(t.number, version) AS number,
  argMax(to_state, version) AS state,
  ${['priority', 'severity', 'service', 'team', 'assignee', 'scope'].map(newestField).join(',\n  ')},
  min(at) AS opened_at,
  minOrNullIf(at, to_state IN ${TAKEN}) AS acknowledged_at,
  maxOrNullIf(at, to_state IN ${ENDED} AND from_state NOT IN ${ENDED}) AS last_ended_at,
  if(state IN ${ENDED}, last_ended_at, NULL) AS resolved_at,
  countIf(from_state IN ${ENDED} AND to_state NOT IN ${ENDED} AND to_state != 'merged') AS reopens,
  countIf(action = 'assign') AS assignments,
  (toUnixTimestamp64Milli(acknowledged_at) - toUnixTimestamp64Milli(opened_at)) / 1000
    AS acknowledge_seconds,
  (toUnixTimestamp64Milli(resolved_at) - toUnixTimestamp64Milli(opened_at)) / 1000
    AS resolve_seconds
FROM transitions AS t FINAL
WHERE ticket_kind = 'incident'
GROUP BY ticket_id
HAVING state != 'merged'`

const ALERT_STATES = 'SELECT * FROM alerts FINAL'

/** What was merged away lives on in another incident and is not counted twice. */
const INCIDENT_STATES = "SELECT * FROM incidents FINAL WHERE status != 'merged'"

/** One row per event, alert and incident, at the time that it entered. */
const FUNNEL = `
SELECT received_at AS at, 'event' AS stage, scope, source FROM events
UNION ALL
SELECT first_seen AS at, 'alert' AS stage, scope, source FROM alert_states
UNION ALL
SELECT opened_at AS at, 'incident' AS stage, scope, '' AS source FROM incident_states`

/** In an order in which each can be made: a view may read those before it. */
export const VIEWS: readonly (readonly [name: string, sql: string])[] = [
  ['incident_tickets', INCIDENT_TICKETS],
  ['alert_states', ALERT_STATES],
  ['incident_states', INCIDENT_STATES],
  ['funnel', FUNNEL],
]
