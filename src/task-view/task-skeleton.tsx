import type { ReactNode } from 'react'
import { ImageFrame } from './image-frame.tsx'
import type { SourceImage } from './source-image.ts'
import { TaskColumns } from './task-columns.tsx'

interface TaskSkeletonProps {
  /** The original image, if this browser has it. */
  readonly image?: SourceImage | null
  /** A line of what is already known; none during the check. */
  readonly children?: ReactNode
}

/** Placeholder at the size of the content, so that nothing jumps when it arrives. */
export function TaskSkeleton({ image = null, children = <Checking /> }: TaskSkeletonProps) {
  return (
    <TaskColumns
      image={
        <ImageFrame dimensions={image?.dimensions ?? null}>
          {image === null ? null : (
            <img
              src={image.url}
              alt="Original"
              className="absolute inset-0 size-full object-contain opacity-50 grayscale-50"
            />
          )}
        </ImageFrame>
      }
      status={<div className="h-9 w-28 rounded-lg bg-sunken" />}
      side={
        <>
          <div className="min-h-5 text-sm text-muted">{children}</div>
          <div className="h-40 rounded-lg bg-sunken" />
        </>
      }
    />
  )
}

const Checking = () => (
  <div className="h-5 w-56 max-w-full rounded-lg bg-sunken">
    <span className="sr-only">Checking the task</span>
  </div>
)
