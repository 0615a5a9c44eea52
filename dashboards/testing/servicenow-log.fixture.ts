// Test support: a hand-written ServiceNow log with the traps of real ones, and the raw rows' own SQL.
import type { Facts } from '../../domain/ports/facts.ts'

const COLUMNS = [
  'number',
  'incident_state',
  'reassignment_count',
  'reopen_count',
  'sys_mod_count',
  'made_sla',
  'opened_at',
  'sys_updated_by',
  'sys_updated_at',
  'priority',
  'assignment_group',
  'assigned_to',
  'resolved_at',
  'closed_at',
]

/**
 * INC1 is plain. INC2 is reopened, its last resolution stands on every row. INC3 has no resolved_at.
 * INC4 has a state that is no word, a quoted team and a priority raised midway. INC5 starts in
 * the middle, its revisions do not grow with time, and one revision occurs twice.
 */
const ROWS = [
  'INC1,New,0,0,0,true,1/3/2016 08:00,u1,1/3/2016 08:00,3 - Moderate,?,?,1/3/2016 12:30,6/3/2016 12:30',
  'INC1,Active,1,0,2,true,1/3/2016 08:00,u2,1/3/2016 08:17,3 - Moderate,Group 1,Ann,1/3/2016 12:30,6/3/2016 12:30',
  'INC1,Resolved,1,0,3,true,1/3/2016 08:00,u2,1/3/2016 12:30,3 - Moderate,Group 1,Ann,1/3/2016 12:30,6/3/2016 12:30',
  'INC1,Closed,1,0,4,true,1/3/2016 08:00,u2,6/3/2016 12:30,3 - Moderate,Group 1,Ann,1/3/2016 12:30,6/3/2016 12:30',
  'INC2,New,0,0,0,true,29/2/2016 23:59,u1,29/2/2016 23:59,2 - High,Group 2,?,4/3/2016 10:00,9/3/2016 10:00',
  'INC2,Active,0,0,1,true,29/2/2016 23:59,u3,1/3/2016 00:30,2 - High,Group 2,Bob,4/3/2016 10:00,9/3/2016 10:00',
  'INC2,Resolved,0,0,2,true,29/2/2016 23:59,u3,1/3/2016 09:00,2 - High,Group 2,Bob,4/3/2016 10:00,9/3/2016 10:00',
  'INC2,Active,1,1,4,true,29/2/2016 23:59,u3,2/3/2016 07:00,2 - High,Group 3,Cid,4/3/2016 10:00,9/3/2016 10:00',
  'INC2,Awaiting Vendor,2,1,5,false,29/2/2016 23:59,u3,2/3/2016 08:00,2 - High,Group 3,Cid,4/3/2016 10:00,9/3/2016 10:00',
  'INC2,Resolved,2,1,6,false,29/2/2016 23:59,u3,4/3/2016 10:00,2 - High,Group 3,Cid,4/3/2016 10:00,9/3/2016 10:00',
  'INC2,Closed,2,1,7,false,29/2/2016 23:59,u3,9/3/2016 10:00,2 - High,Group 3,Cid,4/3/2016 10:00,9/3/2016 10:00',
  'INC3,New,0,0,0,true,2/3/2016 10:00,u1,2/3/2016 10:02,4 - Low,?,?,?,7/3/2016 11:00',
  'INC3,Resolved,0,0,1,true,2/3/2016 10:00,u4,2/3/2016 11:00,4 - Low,?,?,?,7/3/2016 11:00',
  'INC3,Closed,0,0,2,true,2/3/2016 10:00,u4,7/3/2016 11:00,4 - Low,?,?,?,7/3/2016 11:00',
  'INC4,New,0,0,0,true,3/3/2016 09:00,u1,3/3/2016 09:00,3 - Moderate,"Net, ""core""",?,3/3/2016 20:00,8/3/2016 20:00',
  'INC4,-100,0,0,1,true,3/3/2016 09:00,u5,3/3/2016 09:40,3 - Moderate,"Net, ""core""",?,3/3/2016 20:00,8/3/2016 20:00',
  'INC4,Active,0,0,2,true,3/3/2016 09:00,u5,3/3/2016 10:00,1 - Critical,"Net, ""core""",Dee,3/3/2016 20:00,8/3/2016 20:00',
  'INC4,-100,0,0,3,false,3/3/2016 09:00,u5,3/3/2016 11:00,1 - Critical,"Net, ""core""",Dee,3/3/2016 20:00,8/3/2016 20:00',
  'INC4,Resolved,0,0,4,false,3/3/2016 09:00,u5,3/3/2016 20:00,1 - Critical,"Net, ""core""",Dee,3/3/2016 20:00,8/3/2016 20:00',
  'INC4,Closed,0,0,5,false,3/3/2016 09:00,u5,8/3/2016 20:00,1 - Critical,"Net, ""core""",Dee,3/3/2016 20:00,8/3/2016 20:00',
  'INC5,Active,3,0,5,true,4/3/2016 09:00,u6,4/3/2016 09:10,3 - Moderate,Group 1,Eve,4/3/2016 18:45,9/3/2016 19:00',
  'INC5,Awaiting User Info,3,0,4,true,4/3/2016 09:00,u6,4/3/2016 09:20,3 - Moderate,Group 1,Eve,4/3/2016 18:45,9/3/2016 19:00',
  'INC5,Resolved,3,0,6,true,4/3/2016 09:00,u6,4/3/2016 18:45,3 - Moderate,Group 1,Eve,4/3/2016 18:45,9/3/2016 19:00',
  'INC5,Closed,3,0,6,true,4/3/2016 09:00,u6,9/3/2016 19:00,3 - Moderate,Group 1,Eve,4/3/2016 18:45,9/3/2016 19:00',
]

export const HAND_WRITTEN_LOG = `${COLUMNS.join(',')}\n${ROWS.join('\n')}\n`

/** The file as ClickHouse itself reads it: no code of ours touches the rows. */
export const loadRawLog = async (facts: Facts, path: string): Promise<void> => {
  const time = (column: string) => `parseDateTimeOrNull(${column}, '%e/%c/%Y %H:%i', 'UTC')`
  await facts.command(`CREATE OR REPLACE TABLE raw_log ENGINE = Memory AS
    SELECT number, incident_state, made_sla, priority,
      toUInt32(reassignment_count) AS reassignments, toUInt32(reopen_count) AS reopens,
      (sys_updated, toUInt32(sys_mod_count)) AS place,
      ${time('opened_at')} AS opened, ${time('resolved_at')} AS resolved,
      ${time('closed_at')} AS closed,
      ${time('sys_updated_at')} AS sys_updated
    FROM file('${path}', 'CSVWithNames')
    SETTINGS input_format_csv_use_best_effort_in_schema_inference = 0`)
  await facts.command(`CREATE OR REPLACE TABLE raw_incidents ENGINE = Memory AS
    SELECT number, 'P' || substring(argMax(priority, place), 1, 1) AS priority,
      any(opened) AS opened, any(resolved) AS resolved, any(closed) AS closed,
      minOrNullIf(sys_updated, incident_state = 'Active') AS taken_on,
      max(reassignments) AS reassignments, max(reopens) AS reopens,
      argMax(made_sla, place) = 'true' AS made_sla
    FROM raw_log GROUP BY number`)
}

const seconds = (from: string, to: string) => `(toUnixTimestamp(${to}) - toUnixTimestamp(${from}))`

/** KPI id to the same figure over the raw rows: population, then the values to compare. */
export const RAW_SQL: Readonly<Record<string, { where: string; values: Record<string, string> }>> =
  {
    mtta: {
      where: 'taken_on IS NOT NULL',
      values: {
        mean: `sum(${seconds('opened', 'taken_on')}) / count()`,
        p50: `quantileExactInclusive(0.5)(${seconds('opened', 'taken_on')})`,
        p90: `quantileExactInclusive(0.9)(${seconds('opened', 'taken_on')})`,
      },
    },
    mttr: {
      where: 'resolved IS NOT NULL',
      values: {
        mean: `sum(${seconds('opened', 'resolved')}) / count()`,
        p50: `quantileExactInclusive(0.5)(${seconds('opened', 'resolved')})`,
        p90: `quantileExactInclusive(0.9)(${seconds('opened', 'resolved')})`,
      },
    },
    sla: {
      where: 'true',
      values: { ratio: 'sum(made_sla) / count()', breached: 'count() - sum(made_sla)' },
    },
    'reopen-rate': {
      where: 'true',
      values: {
        ratio: 'sum(reopens > 0) / count()',
        reopened: 'sum(reopens > 0)',
        reopens: 'sum(reopens)',
      },
    },
    'reassignment-rate': {
      where: 'true',
      values: { mean: 'sum(reassignments) / count()', passed_on: 'sum(reassignments > 0)' },
    },
  }
