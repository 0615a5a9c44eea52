// Views over the fact tables: the newest state of each thing, named for people who write SQL.
import type { FactSettings } from './settings.ts'
import { FACT_TABLES } from './tables.ts'

const ALERT_STATES = 'SELECT * FROM alerts FINAL'

/** What was merged away lives on in another incident and is not counted twice. */
const INCIDENT_STATES = "SELECT * FROM incidents FINAL WHERE status != 'merged'"

/** One row per event, alert and incident, at the time that it entered. */
const FUNNEL = `
SELECT received_at AS at, 'event' AS stage, event_id AS id, toString(name) AS title, scope FROM events
UNION ALL SELECT first_seen AS at, 'alert' AS stage, id, toString(name) AS title, scope FROM alert_states
UNION ALL SELECT opened_at AS at, 'incident' AS stage, id, title, scope FROM incident_states`

const secondsBetween = (from: string, to: string): string =>
  `(toUnixTimestamp64Milli(${to}) - toUnixTimestamp64Milli(${from})) / 1000`

const FIELDS = Object.keys(FACT_TABLES.transitions.derived ?? {})

/**
 * One row per ticket of a kind: its newest transition, which carries the whole ticket. The tuples
 * are because argMax passes over what is null, and a ticket that reopened has no time of its end.
 */
const newestTransition = (kind: string): string => `
  SELECT
    ticket_id,
    argMax(number, version) AS number,
    argMax(to_state, version) AS state,
    ${FIELDS.map((name) => `tupleElement(argMax(tuple(${name}), version), 1) AS ${name}`).join(',\n    ')},
    min(at) AS first_at,
    max(at) AS last_at
  FROM transitions FINAL
  WHERE ticket_kind = '${kind}'
  GROUP BY ticket_id`

const INCIDENT_TICKETS = `
SELECT
  ticket_id,
  number,
  state,
  field_priority AS priority,
  field_severity AS severity,
  field_service AS service,
  field_team AS team,
  field_assignee AS assignee,
  field_scope AS scope,
  field_title AS title,
  coalesce(field_opened_at, first_at) AS opened_at,
  field_acknowledged_at AS acknowledged_at,
  field_resolved_at AS resolved_at,
  if(state IN ('resolved', 'closed'),
    coalesce(field_resolved_at, field_closed_at, last_at), NULL) AS ended_at,
  field_reopens AS reopens,
  field_reassignments AS reassignments,
  field_response_sla AS response_sla,
  field_resolution_sla AS resolution_sla,
  field_rating AS rating,
  ${secondsBetween('opened_at', 'acknowledged_at')} AS acknowledge_seconds,
  ${secondsBetween('opened_at', 'resolved_at')} AS resolve_seconds
FROM (${newestTransition('incident')})
WHERE state != 'merged'`

const CHANGE_TICKETS = `
SELECT
  ticket_id,
  number,
  state,
  field_outcome AS outcome,
  last_at
FROM (${newestTransition('change')})`

const REQUEST_TICKETS = `
SELECT
  ticket_id,
  number,
  state,
  field_item AS item,
  field_team AS team,
  first_at AS opened_at,
  field_due_at AS due_at,
  field_fulfilled_at AS fulfilled_at
FROM (${newestTransition('request')})`

/** From the first sign at the source to the incident; clocks that disagree give 0, never less. */
const DETECTIONS = `
SELECT
  i.id AS id,
  any(i.title) AS title,
  any(i.severity) AS severity,
  any(i.scope) AS scope,
  any(i.cis[1]) AS ci,
  any(i.opened_at) AS opened_at,
  min(a.starts_at) AS began_at,
  greatest(0, ${secondsBetween('began_at', 'opened_at')}) AS detect_seconds
FROM incident_states AS i
INNER JOIN alert_states AS a ON a.incident_id = i.id
GROUP BY i.id`

/** Time without an interruption before each incident: since the one before on the same CI ended. */
const UPTIMES = `
SELECT id, title, severity, scope, ci, opened_at, previous_end,
  greatest(0, ${secondsBetween('previous_end', 'opened_at')}) AS uptime_seconds
FROM (
  SELECT id, title, severity, scope, cis[1] AS ci, opened_at,
    max(coalesce(resolved_at, opened_at)) OVER (
      PARTITION BY scope, cis[1] ORDER BY opened_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS previous_end,
    row_number() OVER (PARTITION BY scope, cis[1] ORDER BY opened_at, id) AS place
  FROM incident_states
  WHERE notEmpty(cis)
)
WHERE place > 1`

/** What a person confirmed as a cause and did not take back. */
const CONFIRMED_CAUSES = `
SELECT incident_id, ci, change, max(at) AS confirmed_at
FROM (SELECT * FROM decisions FINAL WHERE action = 'confirm-hint')
GROUP BY incident_id, ci, change
HAVING argMax(undo, at) = false`

/** Each confirmed cause beside the hints as they stood before the confirmation. */
const HINT_VERDICTS = `
SELECT c.incident_id AS incident_id, c.ci AS ci, c.confirmed_at AS confirmed_at, h.cis AS hint_cis
FROM confirmed_causes AS c
ASOF INNER JOIN (SELECT * FROM hints FINAL) AS h
  ON c.incident_id = h.incident_id AND c.confirmed_at > h.at`

/**
 * The desk tells of a change that people requested once for each of its CIs, `chg-<hash>/<ci>`:
 * one change all the same, under the id of its ticket.
 */
const ticketOf = (id: string): string =>
  `if(match(${id}, '^chg-[0-9a-f]{16}/'), substring(${id}, 1, 20), ${id})`

/** A change failed when a person confirmed that it caused an incident, or the desk closed it so. */
const CHANGE_OUTCOMES = `
SELECT
  c.ticket AS id, c.ci AS ci, c.type AS type, c.summary AS summary, c.started_at AS started_at,
  f.incident_id AS incident_id,
  f.incident_id != '' OR t.outcome IN ('failed', 'backed-out') AS failed,
  i.resolved_at AS recovered_at,
  ${secondsBetween('started_at', 'recovered_at')} AS recovery_seconds
FROM (
  SELECT ${ticketOf('id')} AS ticket, min(ci) AS ci, any(type) AS type, any(summary) AS summary,
    min(started_at) AS started_at
  FROM (SELECT * FROM changes FINAL) GROUP BY ticket
) AS c
LEFT JOIN (
  SELECT ${ticketOf('change')} AS ticket, argMin(incident_id, confirmed_at) AS incident_id
  FROM confirmed_causes WHERE change != '' GROUP BY ticket
) AS f ON f.ticket = c.ticket
LEFT JOIN change_tickets AS t ON t.ticket_id = c.ticket
LEFT JOIN incident_states AS i ON i.id = f.incident_id`

/** A pattern is known by its later incidents: the first do not name it, it names them. */
const RECURRENCES = `
SELECT
  i.id AS id, i.title AS title, i.opened_at AS opened_at, i.resolved_at AS resolved_at,
  i.scope AS scope, i.severity AS severity, p.id AS problem_id, p.title AS problem
FROM incident_states AS i
INNER JOIN (
  SELECT incident_id, argMax(named, by_itself) AS problem_id
  FROM (
    SELECT arrayJoin(incident_ids) AS incident_id, id AS named, 0 AS by_itself FROM problems FINAL
    UNION ALL
    SELECT id AS incident_id, problem_id AS named, 1 AS by_itself
    FROM incident_states WHERE problem_id != ''
  )
  GROUP BY incident_id
) AS m ON m.incident_id = i.id
INNER JOIN (SELECT id, title FROM problems FINAL) AS p ON p.id = m.problem_id`

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`

/** What a minute of interruption costs, from the settings; '*' stands for every CI not named. */
const costRates = ({ costPerMinute }: FactSettings): string => {
  const rates = Object.entries({ '*': 0, ...costPerMinute })
  const rows = rates.map(([ci, rate]) => `(${quoted(ci)}, ${rate})`)
  return `SELECT ci, per_minute FROM values('ci String, per_minute Float64', ${rows.join(', ')})`
}

/** The costliest CI of an incident gives its rate. */
const INCIDENT_COSTS = `
SELECT id, title, scope, severity, opened_at, resolved_at, rate.1 AS per_minute, rate.2 AS service
FROM (
  SELECT i.id AS id, any(i.title) AS title, any(i.scope) AS scope, any(i.severity) AS severity,
    any(i.opened_at) AS opened_at, any(i.resolved_at) AS resolved_at,
    max((r.per_minute, if(r.ci = '*', '', r.ci))) AS rate
  FROM incident_states AS i
  INNER JOIN (SELECT * FROM cost_rates) AS r ON true
  WHERE has(i.cis, r.ci) OR r.ci = '*'
  GROUP BY i.id
)`

/** In an order in which each can be made: a view may read those before it. */
export const viewsOf = (
  settings: FactSettings,
): readonly (readonly [name: string, sql: string])[] => [
  ['alert_states', ALERT_STATES],
  ['incident_states', INCIDENT_STATES],
  ['funnel', FUNNEL],
  ['incident_tickets', INCIDENT_TICKETS],
  ['change_tickets', CHANGE_TICKETS],
  ['request_tickets', REQUEST_TICKETS],
  ['detections', DETECTIONS],
  ['uptimes', UPTIMES],
  ['confirmed_causes', CONFIRMED_CAUSES],
  ['hint_verdicts', HINT_VERDICTS],
  ['change_outcomes', CHANGE_OUTCOMES],
  ['recurrences', RECURRENCES],
  ['cost_rates', costRates(settings)],
  ['incident_costs', INCIDENT_COSTS],
]
