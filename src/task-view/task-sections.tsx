import type { ReactNode } from 'react'
import { isTerminal, type Task } from '../../core/api/task.ts'
import type { TaskRecord } from '../../core/record/task-record.ts'
import type { LinkSource } from '../downloads/file-state.ts'
import { deferred, NotLoaded } from '../ui/deferred.tsx'
import { Part } from '../ui/part.tsx'
import { listingOf } from './listing-of.ts'
import type { RenderViewer } from './results.tsx'
import type { SourceImage } from './source-image.ts'
import { StatusBadge } from './status-badge.tsx'
import type { StatusPanelProps } from './status-panel.tsx'
import { TaskSkeleton } from './task-skeleton.tsx'

// Their code loads during the first request. Only a finished task has files, so viewers of a
// running one do not load the cards.
const Results = deferred(async () => (await import('./results.tsx')).Results, WithoutImage)
const Unfinished = deferred(async () => (await import('./unfinished.tsx')).Unfinished, WithoutImage)

const StatusPanel = deferred(
  async () => (await import('./status-panel.tsx')).StatusPanel,
  StatusBadge,
)

interface WithoutImageProps {
  readonly status: ReactNode
  readonly details: ReactNode
}

/** Status and credits need no code that loads later. */
function WithoutImage({ status, details }: WithoutImageProps) {
  return (
    <>
      {status}
      <NotLoaded />
      {details}
    </>
  )
}

interface FewFactsProps {
  readonly credits: ReactNode
  readonly foot: ReactNode
}

const FewFacts = ({ credits, foot }: FewFactsProps) => (
  <>
    {credits}
    {foot}
  </>
)

const TaskFacts = deferred(async () => (await import('./task-facts.tsx')).TaskFacts, FewFacts)

/** Starts with the first request, to be ready for the response; rendering them retries. */
export async function loadSections(): Promise<void> {
  await Promise.allSettled([StatusPanel, Unfinished, TaskFacts, Results].map((it) => it.load()))
}

/** A record with at least one response. */
export type SeenRecord = TaskRecord & { readonly task: Task; readonly seenAt: number }

export const isSeen = (record: TaskRecord): record is SeenRecord =>
  record.task !== null && record.seenAt !== null

interface TaskSectionsProps
  extends Pick<StatusPanelProps, 'estimate' | 'remaining' | 'stalledFor' | 'watched' | 'usual'> {
  readonly taskId: string
  readonly record: SeenRecord
  /** Name of the task; by default its ID. */
  readonly title?: string
  /** The original image, if this browser has it. */
  readonly image?: SourceImage | null
  /** The last line: what comes next. */
  readonly foot: ReactNode
  readonly credits: ReactNode
  /** Labels and note of a task of the list. */
  readonly annotation?: ReactNode
  /** Actions on the task, such as to run it again. */
  readonly actions?: ReactNode
  readonly source: LinkSource
  /** Button to renew the expired link of a file; null in views that send no requests. */
  readonly renewLink: ReactNode
  /** Checks once more; null in views that send no requests. */
  readonly refetch: (() => Promise<TaskRecord>) | null
  /** Its end was seen on this page. */
  readonly justEnded?: boolean
  /** Viewer that can compare with results of other tasks. */
  readonly renderViewer?: RenderViewer | undefined
}

/** For a task checked by somebody else: no estimates beyond what was seen. */
export const STILL = { estimate: null, remaining: null, stalledFor: null, watched: null }

/** All that is known of a task, from this tab or another: its image, and the facts beside it. */
export function TaskSections(props: TaskSectionsProps) {
  const {
    taskId,
    record,
    title = taskId,
    image = null,
    foot,
    credits,
    annotation = null,
    source,
    renewLink,
    refetch,
  } = props
  const { estimate, remaining, stalledFor, watched, usual } = props
  const { actions = null, justEnded = false, renderViewer } = props
  const { task, seenAt } = record
  const status = (
    <StatusPanel
      {...{ estimate, remaining, stalledFor, watched, usual, task, seenAt }}
      peakProgress={record.peakProgress}
      fallback={<div aria-busy className="min-h-9" />}
    />
  )
  const details = (
    <TaskFacts
      settings={task.settings}
      credits={<Part>{credits}</Part>}
      taskId={taskId}
      annotation={annotation}
      foot={<Part>{foot}</Part>}
    />
  )
  if (task.files.length === 0) {
    return (
      <Unfinished
        {...{ task, image, status, actions, details, source, estimate }}
        fallback={<TaskSkeleton image={image} />}
      />
    )
  }
  return (
    <Results
      taskId={taskId}
      title={title}
      files={task.files}
      settings={task.settings}
      clockSkew={record.clockSkew}
      requestedAt={record.seenRequestedAt ?? seenAt}
      source={source}
      running={!isTerminal(task)}
      fresh={renewLink}
      renew={refetch && (async () => listingOf(taskId, await refetch()))}
      {...{ justEnded, status, actions, details, renderViewer }}
      fallback={<TaskSkeleton image={image} />}
    />
  )
}
