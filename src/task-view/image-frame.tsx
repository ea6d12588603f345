import type { ReactNode } from 'react'
import type { Dimensions } from '../../core/api/task.ts'

interface ImageFrameProps {
  /** Of the image; null if unknown. */
  readonly dimensions: Dimensions | null
  readonly children: ReactNode
}

/** Box of the large image. It has its size before the image has come, so that nothing moves. */
export function ImageFrame({ dimensions, children }: ImageFrameProps) {
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-sunken">
      {dimensions === null ? (
        // By classes: it is in the HTML of the page, whose policy allows no style attributes.
        <div className="relative mx-auto aspect-[1.5] w-[min(100%,90vh)]">{children}</div>
      ) : (
        <div className="relative mx-auto" style={sizeOf(dimensions)}>
          {children}
        </div>
      )}
    </div>
  )
}

function sizeOf({ width, height }: Dimensions) {
  // A strip would be too thin to see, a column too narrow to hold its buttons.
  const ratio = Math.min(4, Math.max(0.4, width / height))
  return { aspectRatio: ratio, width: `min(100%, calc(60vh * ${ratio.toFixed(4)}))` }
}

interface NoImageProps {
  readonly children: ReactNode
}

/** Content of the frame while there is no image. */
export const NoImage = ({ children }: NoImageProps) => (
  <div className="absolute inset-0 flex flex-col items-center justify-center gap-2 p-4 text-center text-sm text-pretty text-muted">
    {children}
  </div>
)
