// What is held for undo, and what has just been said; at the foot of the page, over nothing.

import { held, undo } from '../state/actions.ts'
import { dismissToast, toasts } from '../state/toasts.ts'
import { plural } from '../text/counts.ts'

export const Toasts = () => (
  <div class="toasts" role="status" aria-live="polite">
    {held.value.map(({ id, verb, incidents }) => (
      <div key={`held-${id}`} class="toast">
        <span>
          {verb}:{' '}
          {incidents.length === 1 ? incidents[0]?.number : plural(incidents.length, 'incident')}
        </span>
        <button type="button" onClick={() => undo(id)}>
          Undo <kbd>z</kbd>
        </button>
        <span class="toast-fuse" aria-hidden="true" />
      </div>
    ))}
    {toasts.value.map(({ id, text, tone }) => (
      <div key={id} class={`toast toast-${tone}`}>
        <span>{text}</span>
        <button type="button" class="quiet" aria-label="Dismiss" onClick={() => dismissToast(id)}>
          ×
        </button>
      </div>
    ))}
  </div>
)
