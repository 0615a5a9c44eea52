// The same incident on other desks, Jira or ServiceNow: what it is called there, and how it stands.
import { can } from '../../api/capabilities.ts'
import type { IncidentDetail, Page, SyncLinkView } from '../../api/types.ts'
import { RowButton } from '../../parts/row-button.tsx'
import { StatusMark } from '../../parts/severity.tsx'
import { useResource } from '../../state/resource.ts'
import { useSending } from '../../state/send.ts'
import { safeLink } from '../../text/safe-link.ts'

const Name = ({ link }: { link: SyncLinkView }) => {
  const href = safeLink(link.url)
  const name = link.key ?? 'not there yet'
  if (href === undefined) return <>{name}</>
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {name}
    </a>
  )
}

export const Elsewhere = ({ incident }: { incident: IncidentDetail }) => {
  const sending = useSending()
  const known = can('GET /api/v1/sync')
  const address = `/api/v1/sync?incident=${encodeURIComponent(incident.id)}`
  const trigger = `${incident.version} ${sending.round}`
  const { data } = useResource<Page<SyncLinkView>>(known ? address : undefined, trigger)
  const links = data?.items ?? []
  return links.length === 0 ? null : (
    <section class="block" aria-labelledby="elsewhere">
      <h2 id="elsewhere">On other desks</h2>
      <dl class="facts">
        {links.map((link) => (
          <div key={link.id} class="facts-row">
            <dt>{link.target}</dt>
            <dd>
              <Name link={link} /> <StatusMark status={link.status} />
              {link.detail !== undefined && <p class="faint">{link.detail}</p>}
              {link.status === 'dead' && (
                <RowButton
                  label="Try again"
                  about={link.target}
                  onClick={() => sending.tell(`/api/v1/sync/${encodeURIComponent(link.id)}/retry`)}
                />
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
