import {
  ArrowRight,
  Ban,
  CircleAlert,
  Image,
  Pause,
  RotateCcw,
  TriangleAlert,
  X,
} from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { TaskRecord } from '../../../core/record/task-record.ts'
import type { StartSettings } from '../../api/create-task.ts'
import { taskThumb } from '../../tasks/task-title.ts'
import { Button, type Icon, IconButton } from '../../ui/button.tsx'
import { Progress } from '../../ui/progress.tsx'
import { Thumbnail } from '../../ui/thumbnail.tsx'
import type { Upload, UploadState } from '../../uploads/upload.ts'
import { mayRetry } from '../../uploads/upload-job.ts'
import { ChooseFiles } from './choose-files.tsx'
import { StartedActions, StartedState } from './started-row.tsx'
import {
  estimateText,
  formatDimensions,
  nameOf,
  originOf,
  otherFileText,
  settingsText,
  uploadText,
} from './upload-text.ts'

export interface UploadActions {
  readonly onCancel: (id: string) => void
  readonly onRetry: (id: string) => void
  readonly onRemove: (id: string) => void
  /** Continues uploads with their files. Returns the files that none of them needs. */
  readonly onChoose: (files: readonly File[]) => readonly File[]
}

export interface UploadRowProps extends UploadActions {
  readonly upload: Upload
  /** Settings that it is started with. */
  readonly settings: StartSettings
  /** They are those of the earlier task, not those of the form. */
  readonly isKept: boolean
  /** Estimated credits per image; null if unknown. */
  readonly credits: number | null
  /** Record of its task, once it was started. */
  readonly record: TaskRecord
}

/** One image: on its way to a task, then the task itself. */
export function UploadRow(props: UploadRowProps) {
  const { upload, settings, isKept, credits, record, onChoose, ...actions } = props
  const { id, source, state, thumbnail } = upload
  const name = nameOf(source)
  /** A file that was chosen, but is none of this upload. */
  const [other, setOther] = useState<File | null>(null)
  const choose = (files: readonly File[]) => setOther(onChoose(files)[0] ?? null)
  // The buttons of a failed upload need more space than a phone has beside the text.
  const wraps = mayRetry(state) || state.kind === 'interrupted'
  return (
    <li className={`flex items-center gap-x-3 gap-y-2 p-3 ${wraps ? 'max-sm:flex-wrap' : ''}`}>
      {/* A URL gets none before its task has one: its host would learn of this visit. */}
      <Thumbnail url={thumbnail ?? taskThumb({ id, record })} className="size-14 rounded-lg">
        <Image size={20} />
      </Thumbnail>
      <div className={`min-w-0 flex-1 ${wraps ? 'max-sm:basis-[calc(100%-4.5rem)]' : ''}`}>
        <p className="flex items-baseline gap-2">
          <bdi className="truncate font-medium" title={name}>
            {name}
          </bdi>
          <span className="max-w-1/2 shrink-0 truncate text-sm text-muted" title={originOf(source)}>
            {originOf(source)}
          </span>
        </p>
        {state.kind === 'started' ? (
          <StartedState name={name} record={record} credits={state.credits} />
        ) : state.kind === 'ready' ? (
          <>
            <Result dimensions={upload.dimensions} scale={settings.scale} credits={credits} />
            {isKept ? <Line ink="text-muted">{settingsText(settings)}</Line> : null}
          </>
        ) : (
          <Uploading name={name} state={state} isGroup={source.kind === 'group'} />
        )}
        {other === null || state.kind !== 'interrupted' ? null : (
          <div role="alert">
            <Line icon={CircleAlert} ink="text-bad">
              {otherFileText(other, state.needed)}
            </Line>
          </div>
        )}
      </div>
      <div className={`flex items-center gap-1 ${wraps ? 'max-sm:ml-17' : ''}`}>
        {state.kind === 'started' ? (
          <StartedActions name={name} taskId={state.taskId} record={record} />
        ) : (
          <Actions upload={upload} state={state} name={name} onFiles={choose} {...actions} />
        )}
      </div>
    </li>
  )
}

interface ResultProps extends Pick<Upload, 'dimensions'> {
  readonly scale: number
  readonly credits: number | null
}

/** Above this an upscale takes long, and many programs can't open the result. */
const LARGE_PIXELS = 100_000_000

/** Size and cost of the result, if known. */
function Result({ dimensions, scale, credits }: ResultProps) {
  const price = estimateText(credits)
  if (dimensions === null)
    return <Line ink="text-muted">Ready{price === null ? null : ` · ${price}`}</Line>
  const { width, height } = dimensions
  const pixels = width * scale * height * scale
  return (
    <>
      <Line ink="text-muted">
        <span className="max-sm:sr-only">{formatDimensions(width, height)}</span>{' '}
        <ArrowRight size={14} className="inline-block align-[-0.125em]" />
        <span className="sr-only">to</span> {formatDimensions(width * scale, height * scale)}
        {price === null ? null : ` · ${price}`}
      </Line>
      {pixels > LARGE_PIXELS ? (
        <Line icon={TriangleAlert} ink="text-warn">
          Very large: {Math.round(pixels / 1_000_000)} megapixels. It may take long or fail.
        </Line>
      ) : null}
    </>
  )
}

type Unstarted = Exclude<UploadState, { kind: 'ready' | 'started' }>

interface UploadingProps {
  readonly name: string
  readonly state: Unstarted
  readonly isGroup: boolean
}

function Uploading({ name, state, isGroup }: UploadingProps) {
  const { icon, ink } = LOOKS[state.kind]
  return (
    <>
      {state.kind === 'sending' || (state.kind === 'interrupted' && state.sent > 0) ? (
        <Progress
          label={`Upload of ${name}`}
          value={Math.floor(state.sent * 100)}
          className="my-1.5 h-1.5"
        />
      ) : null}
      <Line icon={icon} ink={ink}>
        {uploadText(state, isGroup)}
        {state.kind === 'failed' && state.error.kind === 'credits' ? <BuyCredits /> : null}
      </Line>
    </>
  )
}

interface LineProps {
  readonly icon?: Icon | null
  readonly ink: string
  readonly children: ReactNode
}

const Line = ({ icon: Icon = null, ink, children }: LineProps) => (
  <p className={`mt-0.5 flex items-start gap-1.5 text-sm text-pretty ${ink}`}>
    {Icon && <Icon size={15} className="mt-0.5 shrink-0" />}
    <span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>
  </p>
)

const BuyCredits = () => (
  <>
    {' '}
    <a
      href="https://upscayl.org"
      rel="noreferrer"
      className="text-accent underline underline-offset-4"
    >
      Buy credits
    </a>
  </>
)

const FAULT = { icon: CircleAlert, ink: 'text-bad' }
const QUIET = { icon: null, ink: 'text-muted' }
const LOOKS: Readonly<Record<Unstarted['kind'], { icon: Icon | null; ink: string }>> = {
  checking: QUIET,
  waiting: QUIET,
  sending: QUIET,
  cancelled: { icon: Ban, ink: 'text-muted' },
  interrupted: { icon: Pause, ink: 'text-muted' },
  abandoned: { icon: Ban, ink: 'text-muted' },
  invalid: FAULT,
  failed: FAULT,
}

interface ActionsProps extends Omit<UploadActions, 'onChoose'> {
  readonly upload: Upload
  readonly state: Exclude<UploadState, { kind: 'started' }>
  readonly name: string
  readonly onFiles: (files: readonly File[]) => void
}

function Actions({ upload, state, name, onFiles, onCancel, onRetry, onRemove }: ActionsProps) {
  const { id, source } = upload
  switch (state.kind) {
    case 'sending':
    case 'waiting':
      return (
        <Button aria-label={`Cancel ${name}`} onClick={() => onCancel(id)}>
          Cancel
        </Button>
      )
    case 'checking':
    case 'ready':
    case 'invalid':
    case 'abandoned':
      return <Remove name={name} onClick={() => onRemove(id)} />
    case 'interrupted':
      return (
        <>
          <ChooseFiles
            label={source.kind === 'group' ? 'Choose files' : 'Choose file'}
            about={name}
            look="secondary"
            multiple={source.kind === 'group'}
            onFiles={onFiles}
          />
          <Remove name={name} onClick={() => onRemove(id)} />
        </>
      )
    case 'failed':
    case 'cancelled':
      return (
        <>
          {mayRetry(state) ? (
            <Button aria-label={`Retry ${name}`} icon={RotateCcw} onClick={() => onRetry(id)}>
              Retry
            </Button>
          ) : null}
          <Remove name={name} onClick={() => onRemove(id)} />
        </>
      )
  }
}

const Remove = ({ name, onClick }: { readonly name: string; readonly onClick: () => void }) => (
  <IconButton
    icon={X}
    label={`Remove ${name}`}
    onClick={({ detail }) => {
      // The second click of a double click on Cancel, which was in the same place.
      if (detail < 2) onClick()
    }}
  />
)
