// Checkmk: a notification script that posts its NOTIFY_ variables as JSON.
import { CHECK_SEVERITIES, CHECK_STATUSES, parseCheck } from '../checks.ts'
import { itemsOf } from '../fields.ts'
import type { Source } from '../source.ts'

export const checkmk: Source = {
  name: 'checkmk',
  title: 'Checkmk',
  severities: CHECK_SEVERITIES,
  statuses: CHECK_STATUSES,
  overlong: 'truncate',
  identity: 'host and service check',
  setup: `Save as \`~/local/share/check_mk/notifications/faultline\`, make it executable, and choose it in a
notification rule:

    #!/bin/sh
    jq -n 'env | with_entries(select(.key | startswith("NOTIFY_")))' |
      curl -sS {{URL}}/webhooks/checkmk -H 'content-type: application/json' -d @-`,
  items: itemsOf,
  parse: parseCheck,
}
