import { X } from 'lucide-react'
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { openModal } from '../lib/browser/elements.ts'
import { IconButton } from './button.tsx'

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

/** A modal: the browser's own, which holds the focus and closes by Escape. */
export function Dialog({ title, open, onClose, width = 'usual', children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  // Before the dialog leaves the page it is closed, so that the focus returns to where it was.
  useLayoutEffect(() => {
    const element = dialog.current
    if (!open || element === null) return
    return openModal(element)
  }, [open])
  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      aria-labelledby={id}
      className={`rounded-xl border border-line bg-surface p-5 text-ink backdrop:bg-black/50 ${WIDTHS[width]}`}
    >
      <div className="mb-3 flex items-center justify-between">
        <h2 id={id} className="text-lg font-medium">
          {title}
        </h2>
        <IconButton label="Close" onClick={onClose}>
          <X aria-hidden size={17} />
        </IconButton>
      </div>
      {open ? children : null}
    </dialog>
  )
}
