import {
  ArrowLeft,
  ArrowRight,
  CircleHelp,
  Columns2,
  Download,
  Maximize,
  X,
  ZoomIn,
  ZoomOut,
} from 'lucide-react'
import type { ComponentProps } from 'react'
import { formatDimensions, formatNumber } from '../lib/format.ts'
import { buttonClass, IconButton } from '../ui/button.tsx'
import { Shortened } from '../ui/shortened.tsx'
import type { Command } from './keys.ts'
import type { Size } from './zoom-math.ts'

interface ViewerHeaderProps {
  readonly titleId: string
  readonly title: string
  readonly position: number
  readonly count: number
  readonly size: Size | null
  readonly isComparing: boolean
  readonly isHelpOpen: boolean
  /** Name that the file is saved under. */
  readonly saveAs: string
  readonly onSave: () => void
  readonly onCompare: () => void
  readonly onHelp: () => void
  readonly onClose: () => void
}

export function ViewerHeader(props: ViewerHeaderProps) {
  const { titleId, title, position, count, size, isComparing, isHelpOpen } = props
  const place = `${formatNumber(position)} of ${formatNumber(count)}`
  return (
    <header className="flex min-h-14 items-center gap-1 border-b border-line py-1.5 pr-2 pl-4">
      <div className="mr-auto min-w-0">
        <h2 id={titleId} title={title} className="truncate text-base/5 font-medium">
          {/* Names differ at both ends, so the middle is cut to the available width. */}
          <Shortened text={title} length={56} className="max-sm:hidden" />
          <Shortened text={title} length={28} className="sm:hidden" />
        </h2>
        <p className="truncate text-xs text-muted">
          {place}
          {size === null ? null : ` · ${formatDimensions(size)} px`}
        </p>
      </div>
      <button
        type="button"
        aria-pressed={isComparing}
        aria-keyshortcuts="c"
        title="Compare (C)"
        aria-label="Compare"
        onClick={props.onCompare}
        className={`${buttonClass('quiet')} shrink-0 aria-pressed:bg-sunken aria-pressed:text-ink min-h-10.5 max-sm:size-10.5 max-sm:px-0 forced-colors:aria-pressed:outline-2`}
      >
        <Columns2 size={17} />
        <span className="max-sm:hidden">Compare</span>
      </button>
      <button
        type="button"
        aria-keyshortcuts="d"
        title={`Saves as ${props.saveAs}`}
        aria-label="Download"
        onClick={props.onSave}
        className={`${buttonClass('quiet')} min-h-10.5 shrink-0 max-sm:size-10.5 max-sm:px-0`}
      >
        <Download size={17} />
        <span className="max-sm:hidden">Download</span>
      </button>
      <ToolButton
        icon={CircleHelp}
        label="Keyboard"
        shortcut="?"
        aria-expanded={isHelpOpen}
        onClick={props.onHelp}
        className="max-sm:hidden"
      />
      <ToolButton icon={X} label="Close" shortcut="Esc" onClick={props.onClose} />
      <span role="status" className="sr-only">
        {`${title}, ${place}`}
      </span>
    </header>
  )
}

interface ZoomBarProps {
  readonly isFirst: boolean
  readonly isLast: boolean
  /** Null while there is nothing to zoom. */
  readonly percent: number | null
  readonly isFit: boolean
  readonly isActual: boolean
  readonly run: (command: Command) => void
}

/** At the bottom, where a thumb reaches it. */
export function ZoomBar({ isFirst, isLast, percent, isFit, isActual, run }: ZoomBarProps) {
  const isDisabled = percent === null
  return (
    <div
      role="toolbar"
      aria-label="Image"
      className="flex min-h-13 items-center justify-center gap-0.5 border-t border-line px-2 py-1.5 pb-[max(0.375rem,env(safe-area-inset-bottom))] sm:gap-1"
    >
      {isFirst && isLast ? null : (
        <>
          <ToolButton
            icon={ArrowLeft}
            label="Previous image"
            shortcut="ArrowLeft"
            title="Previous image (←)"
            isOff={isFirst}
            onClick={() => run('previous')}
          />
          <ToolButton
            icon={ArrowRight}
            label="Next image"
            shortcut="ArrowRight"
            title="Next image (→)"
            isOff={isLast}
            onClick={() => run('next')}
          />
          <Rule />
        </>
      )}
      <ToolButton
        icon={ZoomOut}
        label="Zoom out"
        shortcut="-"
        isOff={isDisabled}
        onClick={() => run('zoom-out')}
      />
      <span className="min-w-13 text-center text-sm whitespace-nowrap text-ink">
        <span className="sr-only">Zoom </span>
        {percent === null ? (
          <span className="text-muted">
            —<span className="sr-only"> while the image loads</span>
          </span>
        ) : (
          `${formatNumber(percent)}%`
        )}
      </span>
      <ToolButton
        icon={ZoomIn}
        label="Zoom in"
        shortcut="+"
        isOff={isDisabled}
        onClick={() => run('zoom-in')}
      />
      <Rule />
      <ToolButton
        icon={Maximize}
        label="Fit to the window"
        shortcut="0"
        isOff={isDisabled}
        aria-pressed={isFit}
        onClick={() => run('fit')}
      />
      <ToolButton
        label="Actual pixels"
        shortcut="1"
        isOff={isDisabled}
        aria-pressed={isActual}
        onClick={() => run('actual')}
      >
        <span aria-hidden className="text-xs font-semibold tracking-tight">
          1:1
        </span>
      </ToolButton>
    </div>
  )
}

const Rule = () => <span aria-hidden className="mx-0.5 h-5 w-px bg-line sm:mx-2" />

interface ToolButtonProps extends ComponentProps<typeof IconButton> {
  /** Keyboard shortcut, for the tooltip and assistive technology. */
  readonly shortcut: string | null
  readonly isOff?: boolean
}

/**
 * A button of the viewer's bars. A disabled one stays focusable: "Next" on the last image must not
 * drop the focus. Its transparent border is visible in forced-colors mode.
 */
function ToolButton(props: ToolButtonProps) {
  const { label, shortcut, isOff: isDisabled = false, onClick, className = '', ...rest } = props
  return (
    <IconButton
      title={shortcut === null ? label : `${label} (${shortcut})`}
      {...rest}
      label={label}
      aria-keyshortcuts={shortcut ?? undefined}
      aria-disabled={isDisabled || undefined}
      onClick={isDisabled ? undefined : onClick}
      className={`size-10.5 border border-transparent aria-disabled:cursor-default aria-disabled:opacity-35 aria-disabled:hover:bg-transparent aria-pressed:bg-sunken aria-pressed:text-ink forced-colors:aria-pressed:outline-2 ${className}`}
    />
  )
}
