// Everything that can be asked of the desk: reads only, parameterised, lists by keyset.

import { auditQueries } from './audit-queries.ts'
import { changeQueries } from './changes/queries.ts'
import { graphQueries } from './cis/graph-queries.ts'
import { ciQueries } from './cis/queries.ts'
import { deadLetterQueries } from './dead-letters.ts'
import { heartbeatAddressQueries } from './heartbeats/addresses.ts'
import { heartbeatHistoryQueries, heartbeatQueries } from './heartbeats/queries.ts'
import { alertQueries } from './incidents/alert-queries.ts'
import { decisionQueries } from './incidents/decisions.ts'
import { incidentQueries } from './incidents/queries.ts'
import { integrationQueries } from './integrations/queries.ts'
import { previewQueries } from './mutes/preview.ts'
import { silenceQueries } from './mutes/silences.ts'
import { windowQueries } from './mutes/windows.ts'
import { notificationQueries } from './notifications/queries.ts'
import { credentialQueries, peopleQueries } from './people/queries.ts'
import { teamLimitQueries } from './people/team-limits.ts'
import { problemQueries } from './problems/queries.ts'
import { processQueries } from './processes/queries.ts'
import { requestQueries } from './requests/queries.ts'
import { statusQueries } from './status/queries.ts'
import type { DeskSql } from './store/database.ts'
import { streamQueries } from './stream.ts'
import { syncQueries } from './sync/queries.ts'
import { taskQueries } from './tasks/queries.ts'

export const createQueries = (sql: DeskSql) => ({
  ...incidentQueries(sql),
  ...decisionQueries(sql),
  ...alertQueries(sql),
  ...problemQueries(sql),
  ...changeQueries(sql),
  ...windowQueries(sql),
  ...silenceQueries(sql),
  ...previewQueries(sql),
  ...ciQueries(sql),
  ...graphQueries(sql),
  ...taskQueries(sql),
  ...notificationQueries(sql),
  ...requestQueries(sql),
  ...processQueries(sql),
  ...deadLetterQueries(sql),
  ...integrationQueries(sql),
  ...auditQueries(sql),
  ...peopleQueries(sql),
  ...credentialQueries(sql),
  ...teamLimitQueries(sql),
  ...statusQueries(sql),
  ...syncQueries(sql),
  ...heartbeatQueries(sql),
  ...heartbeatHistoryQueries(sql),
  ...heartbeatAddressQueries(sql),
  ...statusQueries(sql),
  ...streamQueries(sql),
})

export type DeskQueries = ReturnType<typeof createQueries>
