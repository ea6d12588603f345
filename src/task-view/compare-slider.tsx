import { MoveHorizontal } from 'lucide-react'
import { useState } from 'react'
import type { Dimensions } from '../../core/api/task.ts'
import { formatDimensions } from '../lib/format.ts'

interface CompareSliderProps {
  /** URL of the original. */
  readonly original: string
  /** How much larger the result is, in words; null if unknown. */
  readonly scale: string | null
  readonly dimensions: Dimensions | null
  /** The original is of a kind that this browser cannot show. */
  readonly onFailed: () => void
}

/** The original over the result, up to a divider. A range input brings keys, touch and its name. */
export function CompareSlider({ original, scale, dimensions, onFailed }: CompareSliderProps) {
  const [percent, setPercent] = useState(50)
  const [size, setSize] = useState<Dimensions | null>(null)
  return (
    <>
      <img
        src={original}
        alt="Original"
        draggable={false}
        onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
          setSize({ width, height })
        }
        onError={onFailed}
        className="pointer-events-none absolute inset-0 size-full"
        style={{ clipPath: `inset(0 ${100 - percent}% 0 0)` }}
      />
      <Label className="left-2">Original{size === null ? '' : ` ${formatDimensions(size)}`}</Label>
      <Label className="right-2">
        {scale ?? 'Result'}
        {dimensions === null ? '' : ` ${formatDimensions(dimensions)}`}
      </Label>
      <input
        type="range"
        min={0}
        max={100}
        value={percent}
        aria-label="Divider between Original and Result"
        aria-keyshortcuts="c"
        aria-valuetext={`${percent}% original`}
        onChange={({ target }) => setPercent(Number(target.value))}
        className="peer absolute inset-0 size-full cursor-ew-resize touch-pan-y appearance-none opacity-0 [&::-moz-range-thumb]:w-0 [&::-webkit-slider-thumb]:w-px"
      />
      <span
        aria-hidden
        style={{ left: `${percent}%` }}
        className="pointer-events-none absolute inset-y-0 flex w-9 -translate-x-1/2 items-center justify-center rounded-full peer-focus-visible:outline-2 peer-focus-visible:-outline-offset-2 peer-focus-visible:outline-accent"
      >
        <span className="absolute inset-y-0 w-0.5 bg-white shadow-[0_0_0_1px_rgb(0_0_0/0.35)]" />
        <span className="relative flex size-9 items-center justify-center rounded-full bg-white text-neutral-900 shadow-md">
          <MoveHorizontal size={18} />
        </span>
      </span>
    </>
  )
}

const Label = ({
  className,
  children,
}: {
  readonly className: string
  readonly children: React.ReactNode
}) => (
  <span
    className={`pointer-events-none absolute top-2 max-w-[45%] rounded-md bg-black/75 px-2 py-0.5 text-xs font-medium text-white forced-colors:border ${className}`}
  >
    {children}
  </span>
)
