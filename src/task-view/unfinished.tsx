import { CircleX, ImageOff, ImageUpscale } from 'lucide-react'
import type { ReactNode } from 'react'
import { isTerminal, type Task } from '../../core/api/task.ts'
import type { LinkSource } from '../downloads/file-state.ts'
import { ImageFrame, NoImage } from './image-frame.tsx'
import type { SourceImage } from './source-image.ts'
import { TaskColumns } from './task-columns.tsx'

interface UnfinishedProps {
  readonly task: Task
  readonly image: SourceImage | null
  /** Estimated current progress; null for none. */
  readonly estimate: number | null
  readonly source: LinkSource
  readonly status: ReactNode
  readonly actions: ReactNode
  readonly details: ReactNode
}

/** A task without files: it runs, has failed, or came back empty. */
export function Unfinished(props: UnfinishedProps) {
  const { task, image, estimate, source, status, actions, details } = props
  return (
    <TaskColumns
      image={
        <ImageFrame dimensions={image?.dimensions ?? null}>
          {image === null ? (
            <NoImage>
              <Icon task={task} />
              {textFor(task, source)}
            </NoImage>
          ) : (
            <Source
              image={image}
              over={isTerminal(task)}
              percent={estimate ?? task.progress ?? 0}
            />
          )}
        </ImageFrame>
      }
      status={status}
      side={
        <>
          {actions}
          {details}
        </>
      }
    />
  )
}

function Icon({ task }: { readonly task: Task }) {
  const Shape = !isTerminal(task) ? ImageUpscale : task.kind === 'failed' ? CircleX : ImageOff
  return <Shape size={22} />
}

function textFor(task: Task, source: LinkSource): string {
  if (task.kind === 'failed') return 'No image: the task failed.'
  if (isTerminal(task)) return 'Done, but Upscayl returned no files yet.'
  return source === 'own' ? 'Your image will appear here.' : 'The image will appear here.'
}

interface SourceProps {
  readonly image: SourceImage
  readonly over: boolean
  /** How far the work has come. */
  readonly percent: number
}

/** The source, dimmed; while it is enhanced, in full colour as far as the work has come. */
function Source({ image: { url, dimensions }, over, percent }: SourceProps) {
  // In a frame of unknown shape it would leave gaps at two sides.
  const fit = `absolute inset-0 size-full ${dimensions === null ? 'object-cover' : 'object-contain'}`
  return (
    <>
      <img src={url} alt="Original" className={`${fit} opacity-50 grayscale-50`} />
      {over || percent === 0 ? null : (
        <>
          <img
            src={url}
            alt=""
            style={{ clipPath: `inset(0 0 ${100 - percent}% 0)` }}
            className={`${fit} transition-[clip-path] duration-1000 ease-linear`}
          />
          <span
            aria-hidden
            style={{ top: `${percent}%` }}
            className="absolute inset-x-0 h-0.5 bg-accent transition-[top] duration-1000 ease-linear"
          />
        </>
      )}
    </>
  )
}
