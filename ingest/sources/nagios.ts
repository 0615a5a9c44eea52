// Nagios: a notification command that posts its macros as JSON.
import { CHECK_SEVERITIES, CHECK_STATUSES, parseCheck } from '../checks.ts'
import { itemsOf } from '../fields.ts'
import type { Source } from '../source.ts'

export const nagios: Source = {
  name: 'nagios',
  title: 'Nagios',
  severities: CHECK_SEVERITIES,
  statuses: CHECK_STATUSES,
  overlong: 'truncate',
  identity: 'host and service check',
  setup: `With \`enable_environment_macros=1\` in nagios.cfg, a notification command whose script is

    #!/bin/sh
    jq -n 'env | with_entries(select(.key | startswith("NAGIOS_")))' |
      curl -sS {{URL}}/webhooks/nagios -H 'content-type: application/json' -d @-

used by the contact's \`host_notification_commands\` and \`service_notification_commands\`.`,
  items: itemsOf,
  parse: parseCheck,
}
