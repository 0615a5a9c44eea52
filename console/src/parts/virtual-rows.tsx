// Ten thousand rows, of which only those in sight are on the page; what you look at stays put.
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Rows drawn beyond each edge, so that a fast wheel meets no blank. */
const OVERSCAN = 12

interface VirtualRowsProps {
  readonly keys: readonly string[]
  /** px */
  readonly rowHeight: number
  readonly label: string
  /** Index of the row that the keyboard is on, or -1; its link gets the focus when it changes. */
  readonly cursor: number
  readonly cursorKey: string | undefined
  readonly header: ComponentChildren
  /** A keyed `<tr>` that takes the given style. */
  readonly row: (index: number, style: { transform: string }) => ComponentChildren
  /** The last row is near. */
  readonly onEnd?: () => void
}

interface Anchor {
  key: string
  index: number
}

/** Where the anchored row went; scrolling along keeps it where the eye left it. */
const drift = (anchor: Anchor | undefined, keys: readonly string[]): number => {
  if (anchor === undefined || keys[anchor.index] === anchor.key) return 0
  const index = keys.indexOf(anchor.key)
  return index < 0 ? 0 : index - anchor.index
}

const scrollIntoSight = (box: HTMLElement, index: number, rowHeight: number): void => {
  const headHeight = box.querySelector('thead')?.clientHeight ?? 0
  const top = index * rowHeight
  const bottom = top + rowHeight - box.clientHeight + headHeight
  if (box.scrollTop > top) box.scrollTop = top
  else if (box.scrollTop < bottom) box.scrollTop = bottom
}

export const VirtualRows = (props: VirtualRowsProps) => {
  const { keys, rowHeight, cursor, onEnd } = props
  const box = useRef<HTMLDivElement>(null)
  const anchor = useRef<Anchor | undefined>(undefined)
  const [view, setView] = useState({ first: 0, count: 40 })

  const from = Math.max(0, view.first - OVERSCAN)

  const look = (): void => {
    const element = box.current
    if (element === null) return
    const first = Math.floor(element.scrollTop / rowHeight)
    const count = Math.ceil(element.clientHeight / rowHeight) + 1
    // At the very top new rows may come in, unless somebody is working on one.
    const held = element.scrollTop > 0 || cursor >= 0 ? Math.max(first, 0) : -1
    const key = keys[held]
    anchor.current = key === undefined ? undefined : { key, index: held }
    if (first !== view.first || count !== view.count) setView({ first, count })
    if (onEnd && first + count + OVERSCAN >= keys.length) onEnd()
  }

  useLayoutEffect(() => {
    const element = box.current
    const moved = drift(anchor.current, keys)
    if (element !== null && moved !== 0) element.scrollTop += moved * rowHeight
    look()
  }, [keys, rowHeight])

  useLayoutEffect(() => {
    const element = box.current
    if (element === null || cursor < 0) return
    scrollIntoSight(element, cursor, rowHeight)
    look()
    requestAnimationFrame(() =>
      element.querySelector<HTMLElement>('tr[aria-current] a')?.focus({ preventScroll: true }),
    )
  }, [props.cursorKey])

  useLayoutEffect(() => {
    const observer = new ResizeObserver(look)
    if (box.current !== null) observer.observe(box.current)
    return () => observer.disconnect()
  })

  const to = Math.min(keys.length, view.first + view.count + OVERSCAN)
  return (
    <div ref={box} class="rows" onScroll={look}>
      <table aria-label={props.label} aria-rowcount={keys.length + 1}>
        {props.header}
        <tbody style={{ blockSize: `${keys.length * rowHeight}px` }}>
          {Array.from({ length: Math.max(0, to - from) }, (_, i) =>
            props.row(from + i, { transform: `translateY(${(from + i) * rowHeight}px)` }),
          )}
        </tbody>
      </table>
    </div>
  )
}
