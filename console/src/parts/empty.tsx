// The first minute: no incident yet, and the one command that makes one.
import { useState } from 'preact/hooks'

/** @param origin of this server, e.g. http://127.0.0.1:8080 */
export const firstIncidentCommand = (origin: string): string =>
  [
    `curl -X POST ${origin}/api/v1/events \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '{"status":"firing","name":"HighLatency","severity":"critical",`,
    `       "summary":"checkout answers in 4.2 s","labels":{"service":"checkout"}}'`,
  ].join('\n')

const copyText = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

export const CopyBlock = ({ text, label }: { text: string; label: string }) => {
  const [copied, setCopied] = useState<boolean>()
  return (
    <div class="copy-block">
      <textarea readOnly rows={text.split('\n').length} aria-label={label} value={text} />
      <button type="button" onClick={() => void copyText(text).then(setCopied)}>
        {copied === undefined ? 'Copy' : copied ? 'Copied' : 'Select and copy by hand'}
      </button>
    </div>
  )
}

export const FirstIncident = () => (
  <section class="notice">
    <h2>No incident yet</h2>
    <p>
      Nothing has been sent to this installation, or everything is quiet. Send one alert and it
      appears here by itself:
    </p>
    <CopyBlock text={firstIncidentCommand(location.origin)} label="Command for a first incident" />
    <p>
      Prometheus needs no more than an <code>alertmanagers</code> target of{' '}
      <code>{location.host}</code>. Other tools post to <code>/webhooks/&lt;tool&gt;</code>; see{' '}
      <a href="/docs" data-leaves>
        the API
      </a>
      .
    </p>
  </section>
)
