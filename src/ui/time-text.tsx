import { type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react'
import { openPopover } from '../lib/browser/elements.ts'
import { useReading } from '../lib/clock.ts'
import { ago, formatDateTime, formatUtc } from '../lib/format.ts'
import { placeBeside } from './place-beside.ts'

interface TimeTextProps {
  readonly at: number
  readonly children: ReactNode
  readonly className?: string
}

/** A time in words; the exact time, local and UTC, on hover and focus. */
export function TimeText({ at, children, className = '' }: TimeTextProps) {
  const descriptionId = useId()
  const time = useRef<HTMLTimeElement>(null)
  const [isShown, setShown] = useState(false)
  const show = () => setShown(true)
  const hide = () => setShown(false)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens to what happens to the time within
    <span
      className="relative inline-block"
      // WCAG 1.4.13: what appears on hover or focus can be dismissed without moving either.
      onKeyDown={({ key }) => key === 'Escape' && hide()}
      onFocus={show}
      onBlur={hide}
      onPointerEnter={show}
      onPointerLeave={() => time.current !== document.activeElement && hide()}
    >
      <time
        ref={time}
        dateTime={new Date(at).toISOString()}
        aria-describedby={descriptionId}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 1.4.13, what hover shows focus must show
        tabIndex={0}
        className={`rounded-sm underline decoration-line-strong decoration-dotted underline-offset-4 ${className}`}
      >
        {children}
      </time>
      <span hidden id={descriptionId}>
        {formatDateTime(at)}, {formatUtc(at)}
      </span>
      {isShown ? <Tooltip at={at} anchor={time} onLeave={hide} /> : null}
    </span>
  )
}

interface TooltipProps {
  readonly at: number
  readonly anchor: { readonly current: HTMLElement | null }
  /** The time moves away from under it. */
  readonly onLeave: () => void
}

/** Screen readers have the same text as the description of the time. */
function Tooltip({ at, anchor, onLeave }: TooltipProps) {
  const tooltip = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    if (tooltip.current === null || anchor.current === null) return
    openPopover(tooltip.current)
    placeBeside(tooltip.current, anchor.current, { align: 'start', above: true })
    addEventListener('scroll', onLeave, true)
    return () => removeEventListener('scroll', onLeave, true)
  })
  return (
    <span
      ref={tooltip}
      popover="manual"
      aria-hidden
      className="fixed inset-auto m-0 w-max max-w-64 rounded-lg border-0 bg-ink px-2.5 py-1.5 text-left text-xs font-normal text-page"
    >
      {formatDateTime(at)}
      <br />
      {formatUtc(at)}
    </span>
  )
}

/** Relative age. */
export const Age = ({ at }: { readonly at: number }) => (
  <TimeText at={at}>{useReading(ago, at)}</TimeText>
)
