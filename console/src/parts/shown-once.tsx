// A secret right after it was made: it is shown this once, to be copied, and kept nowhere.
import { Dialog } from './dialog.tsx'

interface ShownOnceProps {
  readonly title: string
  readonly secret: string
  /** What to do with it: a command, an address. */
  readonly use: string
  readonly onClose: () => void
}

export const ShownOnce = ({ title, secret, use, onClose }: ShownOnceProps) => (
  <Dialog title={title} onClose={onClose}>
    <p>Copy it now: it is shown this once, and Faultline keeps only a hash of it.</p>
    <pre class="payload" data-secret>
      {secret}
    </pre>
    <p class="faint">For example:</p>
    <pre class="payload">{use}</pre>
    <button type="button" class="primary" onClick={onClose}>
      I have it
    </button>
  </Dialog>
)
