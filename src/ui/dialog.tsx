import { X } from 'lucide-react'
import {
  type PointerEvent,
  type ReactNode,
  type RefObject,
  useId,
  useLayoutEffect,
  useRef,
} from 'react'
import { openModal } from '../lib/browser/elements.ts'
import { isWriting } from './busy.ts'
import { Button, IconButton } from './button.tsx'

interface DialogProps {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly width?: keyof typeof WIDTHS
  readonly children: ReactNode
}

const WIDTHS = {
  usual: 'w-[min(26rem,calc(100%-2rem))]',
  wide: 'w-[min(38rem,calc(100%-2rem))]',
} as const

/** The browser's own modal dialog, which traps focus and closes on Escape. */
export function Dialog({ title, open, onClose, width = 'usual', children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useModal(dialog, open)
  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      onPointerDown={(event) => {
        // What is being written would be lost by a click that missed.
        if (isBeside(event) && !isWriting()) onClose()
      }}
      aria-labelledby={id}
      className={`max-h-[calc(100dvh-2rem)] flex-col rounded-xl border border-line bg-surface text-ink shadow-xl backdrop:bg-black/50 open:flex ${WIDTHS[width]}`}
    >
      <div className="flex items-center justify-between gap-3 py-3 pr-3 pl-5">
        <h2 id={id} className="text-lg font-medium">
          {title}
        </h2>
        <IconButton icon={X} label="Close" onClick={onClose} />
      </div>
      <div className="min-h-0 overflow-y-auto overscroll-contain px-5 pt-1 pb-5">
        {open ? children : null}
      </div>
    </dialog>
  )
}

/** Buttons at the end of a dialog's form. */
export const SaveOrCancel = ({ onCancel }: { readonly onCancel: () => void }) => (
  <div className="mt-4 flex justify-end gap-2">
    <Button onClick={onCancel}>Cancel</Button>
    <Button type="submit" look="primary">
      Save
    </Button>
  </div>
)

/** Whether it hit the backdrop, which belongs to the dialog's element. */
export function isBeside({
  target,
  currentTarget,
  clientX,
  clientY,
}: PointerEvent<HTMLElement>): boolean {
  if (target !== currentTarget) return false
  const { left, right, top, bottom } = currentTarget.getBoundingClientRect()
  return clientX < left || clientX > right || clientY < top || clientY > bottom
}

/** As a ref: scrolls what appears inside a dialog into view. */
export const reveal = (element: Element | null): void =>
  element?.scrollIntoView({ block: 'nearest' })

/**
 * Opens a dialog over the page while it is mounted and `open`. The focus is on the element with
 * `data-focus`, else on its first button. Back and forward close it.
 */
export function useModal(dialog: RefObject<HTMLDialogElement | null>, open = true): void {
  // Closed before it leaves the page, so that focus returns to where it was.
  useLayoutEffect(() => {
    if (!open || dialog.current === null) return
    const close = openModal(dialog.current)
    dialog.current.querySelector<HTMLElement>('[data-focus]')?.focus()
    addEventListener('popstate', close)
    return () => {
      removeEventListener('popstate', close)
      close()
    }
  }, [dialog, open])
}
