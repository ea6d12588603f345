import type { ReactNode } from 'react'
import type { TaskId } from '../../../core/api/task-id.ts'
import { EMPTY_RECORD, type TaskRecord } from '../../../core/record/task-record.ts'
import type { StartSettings } from '../../api/create-task.ts'
import { formatNumber, plural } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Link } from '../../ui/link.tsx'
import { Part } from '../../ui/part.tsx'
import type { Unread } from '../../uploads/parse-urls.ts'
import type { Upload, UploadState } from '../../uploads/upload.ts'
import { totalOf } from './estimate.ts'
import { ImageDrop } from './image-drop.tsx'
import { SettingsForm } from './settings-form.tsx'
import { SettingsChoice, TaskChoice } from './task-choice.tsx'
import { type UploadActions, UploadRow } from './upload-row.tsx'
import { estimateText, summaryText } from './upload-text.ts'
import type { StartChoices } from './use-start-choices.ts'

/** Starts that the key has left, as the API reports them. */
export interface StartsLeft {
  readonly count: number
  readonly limit: number
}

export interface NewTaskScreenProps extends UploadActions {
  readonly uploads: readonly Upload[]
  /** Number of files skipped as duplicates. */
  readonly duplicates: number
  /** Names of images of tasks that are run again, to be added. */
  readonly wanted: readonly string[]
  readonly settings: StartSettings
  readonly onSettings: (settings: StartSettings) => void
  readonly onFiles: (files: readonly File[]) => void
  readonly onUrls: (text: string) => readonly Unread[]
  readonly onStart: () => void
  readonly choices: StartChoices
  /** Estimated credits per image; null if unknown. */
  readonly priceOf: (settings: StartSettings) => number | null
  /** Null if the API reports none. */
  readonly left: StartsLeft | null
  readonly recordOf: (taskId: TaskId) => TaskRecord
  /** Switch for a notification, once something was started. */
  readonly notify: ReactNode
  /** Dialog over the page. */
  readonly children?: ReactNode
}

/** Form to upload images and start tasks; its rows then follow the tasks. */
export function NewTaskScreen(props: NewTaskScreenProps) {
  const { uploads, duplicates, wanted, settings, onSettings, onFiles, onUrls, onStart } = props
  const { choices, priceOf, left, recordOf, notify, onCancel, onRetry, onRemove, onChoose } = props
  const { settingsOf } = choices
  const ready = uploads.filter(({ state }) => state.kind === 'ready')
  const total = totalOf(ready, (upload) => priceOf(settingsOf(upload)))
  const isStarted = uploads.some(({ state }) => state.kind === 'started')
  return (
    <>
      <title>New task · Loupe</title>
      <h1 className="mt-1 mb-4 text-xl font-semibold tracking-tight">New task</h1>
      <div className="@container">
        {/* A column on narrow pages: there the button sticks to the bottom of all of it. */}
        <div className="flex flex-col gap-4 @3xl:grid @3xl:grid-cols-[minmax(0,1fr)_22rem] @3xl:items-start @3xl:gap-6">
          <div className="grid min-w-0 gap-4">
            <Part>
              <ImageDrop
                compact={uploads.length > 0}
                wanted={wanted}
                onFiles={onFiles}
                onUrls={onUrls}
              />
            </Part>
            {uploads.length === 0 ? null : (
              <ul
                aria-label="Images"
                className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface"
              >
                {uploads.map((upload) => (
                  <Part key={upload.id}>
                    <UploadRow
                      upload={upload}
                      settings={settingsOf(upload)}
                      isKept={choices.isKept(upload)}
                      credits={priceOf(settingsOf(upload))}
                      record={
                        upload.state.kind === 'started'
                          ? recordOf(upload.state.taskId)
                          : EMPTY_RECORD
                      }
                      onCancel={onCancel}
                      onRetry={onRetry}
                      onRemove={onRemove}
                      onChoose={onChoose}
                    />
                  </Part>
                ))}
              </ul>
            )}
            <p role="status" className="text-sm text-muted empty:hidden">
              {duplicates === 0 ? null : `${plural(duplicates, 'duplicate')} skipped.`}
            </p>
          </div>
          <div className="contents @3xl:sticky @3xl:top-4 @3xl:grid @3xl:min-w-0 @3xl:gap-4">
            {choices.keeps === null ? null : (
              <SettingsChoice keeps={choices.keeps} onKeeps={choices.onKeeps} />
            )}
            {choices.needsForm ? (
              <Part>
                <SettingsForm settings={settings} onSettings={onSettings} />
              </Part>
            ) : null}
            <TaskChoice {...choices} />
            {/* Last on narrow pages, where nothing may follow what sticks to the bottom. */}
            <div
              data-sticky-foot
              className="sticky bottom-(--bottom-bar,0px) z-10 order-last -mx-4 border-t border-line bg-page px-4 py-3 sm:-mx-6 sm:px-6 @3xl:static @3xl:order-none @3xl:m-0 @3xl:border-0 @3xl:p-0"
            >
              <StartButton uploads={uploads} total={total} onStart={onStart} />
            </div>
            <div className="grid gap-2 @3xl:-mt-2">
              <p role="status" className="text-sm text-pretty text-muted empty:hidden">
                {summaryText(uploads)}
              </p>
              {isStarted ? (
                notify
              ) : (
                <Cost
                  isKnown={(ready.length > 0 ? total : priceOf(settings)) !== null}
                  left={left}
                />
              )}
            </div>
          </div>
        </div>
      </div>
      {props.children}
    </>
  )
}

interface StartButtonProps extends Pick<NewTaskScreenProps, 'uploads' | 'onStart'> {
  /** Estimated credits; null if unknown. */
  readonly total: number | null
}

const UNDER_WAY: ReadonlySet<UploadState['kind']> = new Set(['waiting', 'sending'])

function StartButton({ uploads, total, onStart }: StartButtonProps) {
  const count = (is: (kind: UploadState['kind']) => boolean) =>
    uploads.filter(({ state }) => is(state.kind)).length
  const ready = count((kind) => kind === 'ready')
  const started = uploads.flatMap(({ state }) => (state.kind === 'started' ? [state.taskId] : []))
  const [first] = started
  if (ready === 0 && first !== undefined) {
    const isOne = uploads.length === 1
    return (
      <Link
        to={isOne ? paths.task(first) : paths.home}
        className={`${buttonClass('primary')} min-h-11 w-full`}
      >
        {isOne ? 'View task' : 'View tasks'}
      </Link>
    )
  }
  const isUnderWay = ready === 0 && count((kind) => UNDER_WAY.has(kind)) > 0
  const price = ready === 0 ? null : estimateText(total)
  return (
    <Button
      look="primary"
      className="min-h-11 w-full"
      disabled={ready === 0 || count((kind) => kind === 'checking') > 0}
      onClick={onStart}
    >
      {isUnderWay ? 'Uploading…' : ready === 0 ? 'Upscale' : `Upscale ${plural(ready, 'image')}`}
      {price === null ? null : ` · ${price}`}
    </Button>
  )
}

interface CostProps extends Pick<NewTaskScreenProps, 'left'> {
  /** Whether the price of the next start is shown. */
  readonly isKnown: boolean
}

/** Cost of a start: credits, and uploads of this hour. */
function Cost({ isKnown, left }: CostProps) {
  const price = isKnown
    ? 'You’re charged when a task is done.'
    : 'The price is shown when the task starts.'
  return (
    <p className="text-sm text-pretty text-muted">
      {left === null
        ? price
        : `${formatNumber(left.count)} of ${formatNumber(left.limit)} starts left this hour. ${price}`}
    </p>
  )
}
