// The keys that work here, read from the bindings themselves.
import { groups } from '../keys.ts'
import { Dialog } from './dialog.tsx'

const KEY_NAMES: Readonly<Record<string, string>> = { Escape: 'Esc', ArrowDown: '↓', ArrowUp: '↑' }

export const Help = ({ onClose }: { onClose: () => void }) => (
  <Dialog title="Keyboard" onClose={onClose}>
    {groups.value.toReversed().map((group) => (
      <section key={group.title} class="help-group">
        <h3>{group.title}</h3>
        <dl>
          {group.bindings.map(({ key, label }) => (
            <div key={key}>
              <dt>
                <kbd>{KEY_NAMES[key] ?? key}</kbd>
              </dt>
              <dd>{label}</dd>
            </div>
          ))}
        </dl>
      </section>
    ))}
  </Dialog>
)
