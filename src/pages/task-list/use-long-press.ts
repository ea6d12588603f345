import { type PointerEvent, useRef } from 'react'
import { now, wakeWhen } from '../../lib/clock.ts'

/** As long as the systems of phones wait. */
const LONG_MS = 500
/** A finger is never quite still; more is a scroll. */
const SLACK_PX = 10

/** Handlers that call `onPress` when a finger rests on the element. The click that follows is dropped. */
export function useLongPress(onPress: () => void) {
  const press = useRef<{ x: number; y: number; stop: () => void } | null>(null)
  const stop = () => {
    press.current?.stop()
    press.current = null
  }
  return {
    onPointerDown({ pointerType, clientX: x, clientY: y }: PointerEvent) {
      if (pointerType !== 'touch') return
      const wake = () => {
        dropNextClick()
        onPress()
      }
      press.current = { x, y, stop: wakeWhen(now() + LONG_MS, wake) }
    },
    onPointerMove({ clientX, clientY }: PointerEvent) {
      const at = press.current
      if (at !== null && Math.hypot(clientX - at.x, clientY - at.y) > SLACK_PX) stop()
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    onContextMenu(event: { preventDefault: () => void }) {
      // The link's own menu would cover the row.
      if (press.current !== null) event.preventDefault()
    },
  }
}

/** Wherever it lands: what the press has changed may have moved something else below the finger. */
function dropNextClick(): void {
  const stopped = new AbortController()
  const options = { capture: true, signal: stopped.signal }
  const drop = (event: Event) => {
    stopped.abort()
    event.preventDefault()
    event.stopPropagation()
  }
  addEventListener('click', drop, options)
  addEventListener('pointerdown', () => stopped.abort(), options)
}
