import { ArrowLeft, ArrowRight, Maximize, ZoomIn, ZoomOut } from 'lucide-react'
import { formatNumber } from '../lib/format.ts'
import type { Command } from './keys.ts'
import { ToolButton } from './tool-button.tsx'

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
  const isOff = percent === null
  return (
    <div
      role="toolbar"
      aria-label="Picture"
      className="flex min-h-13 items-center justify-center gap-0.5 border-t border-line px-2 py-1.5 pb-[max(0.375rem,env(safe-area-inset-bottom))] sm:gap-1"
    >
      {isFirst && isLast ? null : (
        <>
          <ToolButton
            label="Previous picture"
            shortcut="ArrowLeft"
            title="Previous picture (←)"
            isOff={isFirst}
            onClick={() => run('previous')}
          >
            <ArrowLeft aria-hidden size={18} />
          </ToolButton>
          <ToolButton
            label="Next picture"
            shortcut="ArrowRight"
            title="Next picture (→)"
            isOff={isLast}
            onClick={() => run('next')}
          >
            <ArrowRight aria-hidden size={18} />
          </ToolButton>
          <Rule />
        </>
      )}
      <ToolButton label="Zoom out" shortcut="-" isOff={isOff} onClick={() => run('zoom-out')}>
        <ZoomOut aria-hidden size={18} />
      </ToolButton>
      <span className="min-w-13 text-center text-sm whitespace-nowrap text-ink">
        <span className="sr-only">Zoom </span>
        {percent === null ? (
          <span className="text-muted">
            —<span className="sr-only"> while the picture loads</span>
          </span>
        ) : (
          `${formatNumber(percent)} %`
        )}
      </span>
      <ToolButton label="Zoom in" shortcut="+" isOff={isOff} onClick={() => run('zoom-in')}>
        <ZoomIn aria-hidden size={18} />
      </ToolButton>
      <Rule />
      <ToolButton
        label="Fit to the window"
        shortcut="0"
        isOff={isOff}
        aria-pressed={isFit}
        onClick={() => run('fit')}
      >
        <Maximize aria-hidden size={17} />
      </ToolButton>
      <ToolButton
        label="Actual pixels"
        shortcut="1"
        isOff={isOff}
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
