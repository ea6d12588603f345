import type { ReactNode } from 'react'
import { deferred } from '../../components/deferred.tsx'
import type { LinkSource } from '../../files/file-state.ts'
import type { TaskRecord } from '../../polling/task-record.ts'
import { StatusPanel, type StatusPanelProps } from '../../task-view/status-panel.tsx'
import type { Task } from '../../upscayl/task.ts'
import { listingOf } from '../listing-of.ts'

const SettingsList = deferred(
  async () => (await import('../../task-view/settings-list.tsx')).SettingsList,
)
const Files = deferred(async () => (await import('../../task-view/files.tsx')).Files)

/** Beside the first question, so that they are there before the answer; drawing them tries again. */
export async function loadSections(): Promise<void> {
  await Promise.allSettled([SettingsList.load(), Files.load()])
}

/** A record that an answer has come for. */
export type SeenRecord = TaskRecord & { readonly task: Task; readonly seenAt: number }

export const isSeen = (record: TaskRecord): record is SeenRecord =>
  record.task !== null && record.seenAt !== null

interface TaskSectionsProps
  extends Pick<StatusPanelProps, 'estimate' | 'remaining' | 'stalledFor' | 'watched'> {
  readonly taskId: string
  readonly record: SeenRecord
  /** Below the status: what comes next. */
  readonly foot: ReactNode
  readonly credits: ReactNode
  readonly source: LinkSource
  /** The way to a new answer, for a file whose link has ended; null where nobody asks. */
  readonly fresh: ReactNode
  /** Asks once more; null where nobody asks. */
  readonly renew: (() => Promise<TaskRecord>) | null
}

/** Of a task that somebody else asked for: nothing is guessed beside what was seen. */
export const STILL = { estimate: null, remaining: null, stalledFor: null, watched: null }

/** All that is known of a task, whoever asked for it. */
export function TaskSections(props: TaskSectionsProps) {
  const { taskId, record, foot, credits, source, fresh, renew, ...progress } = props
  const { task, seenAt } = record
  return (
    <>
      <StatusPanel {...progress} task={task} seenAt={seenAt} wentBackFrom={record.wentBackFrom}>
        <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line pt-3 text-sm text-muted">
          {foot}
        </div>
      </StatusPanel>
      <div className="grid gap-4 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        {credits}
        <SettingsList
          settings={task.settings}
          fallback={<div aria-busy className="min-h-40 rounded-xl border border-line bg-surface" />}
        />
      </div>
      <div className="mt-4">
        <Files
          taskId={taskId}
          task={task}
          clockSkew={record.clockSkew}
          askedAt={record.seenAskedAt ?? seenAt}
          source={source}
          fresh={fresh}
          renew={renew && (async () => listingOf(taskId, await renew()))}
          fallback={<div aria-busy className="min-h-48" />}
        />
      </div>
    </>
  )
}
