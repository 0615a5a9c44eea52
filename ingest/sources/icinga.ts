// Icinga 2: a NotificationCommand that posts its macros as JSON.
import { CHECK_SEVERITIES, CHECK_STATUSES, parseCheck } from '../checks.ts'
import { itemsOf } from '../fields.ts'
import type { Source } from '../source.ts'

export const icinga: Source = {
  name: 'icinga',
  title: 'Icinga 2',
  severities: CHECK_SEVERITIES,
  statuses: CHECK_STATUSES,
  overlong: 'truncate',
  identity: 'host and service check',
  setup: `A NotificationCommand with these variables in \`env\`, whose script posts them:

    env = {
      NOTIFICATIONTYPE = "$notification.type$"
      HOSTNAME = "$host.name$"
      HOSTADDRESS = "$address$"
      HOSTSTATE = "$host.state$"
      HOSTOUTPUT = "$host.output$"
      SERVICEDESC = "$service.name$"
      SERVICESTATE = "$service.state$"
      SERVICEOUTPUT = "$service.output$"
      TIMET = "$icinga.timet$"
    }

    #!/bin/sh
    jq -n 'env | with_entries(select(.key | test("^(NOTIF|HOST|SERVICE|TIMET)")))' |
      curl -sS {{URL}}/webhooks/icinga -H 'content-type: application/json' -d @-`,
  items: itemsOf,
  parse: parseCheck,
}
