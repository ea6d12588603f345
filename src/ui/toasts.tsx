import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { now, wakeWhen } from '../lib/clock.ts'
import { useStore } from '../lib/store.ts'
import { Button, IconButton } from './button.tsx'
import { removeToast, type Toast, toasts } from './toast.ts'

/** Messages at the lower edge, above the bar of narrow pages. */
export const Toasts = () => (
  <div
    role="status"
    className="pointer-events-none fixed inset-x-0 bottom-[var(--bottom-bar,env(safe-area-inset-bottom))] z-30 flex flex-col items-center gap-2 p-4 sm:items-end sm:p-6 print:hidden"
  >
    {useStore(toasts).map((message) => (
      <ToastBox key={message.id} message={message} />
    ))}
  </div>
)

const SHOWN_MS = 8000

function ToastBox({ message }: { readonly message: Toast }) {
  const { text, image, actions = [] } = message
  const [pointed, setPointed] = useState(false)
  const [focused, setFocused] = useState(false)
  // WCAG 2.2.1: it stays while somebody reads or uses it.
  const held = pointed || focused
  useEffect(() => {
    if (held) return
    return wakeWhen(now() + SHOWN_MS, () => gone(message))
  }, [held, message])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens to the buttons within
    <div
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
      className="pointer-events-auto flex max-w-full items-center gap-3 rounded-xl border border-line bg-surface py-1.5 pr-1.5 pl-4 text-sm shadow-lg sm:max-w-md"
    >
      {image}
      <p className="min-w-0 flex-1 py-1.5 text-pretty [overflow-wrap:anywhere]">{text}</p>
      <div className="flex shrink-0 items-center">
        {actions.map(({ label, onAction }) => (
          <Button
            key={label}
            look="quiet"
            className="text-accent"
            onClick={() => {
              removeToast(message)
              onAction()
            }}
          >
            {label}
          </Button>
        ))}
        <IconButton icon={X} label="Dismiss" onClick={() => gone(message)} />
      </div>
    </div>
  )
}

function gone(message: Toast): void {
  removeToast(message)
  message.onGone?.()
}
