import { MODELS } from '../../../core/api/models.ts'
import { isTerminal, type Task } from '../../../core/api/task.ts'
import type { StartSettings } from '../../api/create-task.ts'
import { formatBytes } from '../../lib/bytes.ts'
import {
  formatClockTime,
  formatCredits,
  formatNumber,
  formatPercent,
  formatRange,
  plural,
} from '../../lib/format.ts'
import { namesText } from '../../tasks/image-names.ts'
import {
  type AttemptError,
  factsOf,
  type Group,
  type ImageSource,
  sourcesOf,
  type Upload,
  type UploadState,
} from '../../uploads/upload.ts'

/** Display name of the image, of a group as "tram.jpg + 2 more". */
export function nameOf(source: ImageSource | Group): string {
  const [first, ...others] = sourcesOf(source)
  if (first === undefined) return ''
  const name = first.kind === 'url' ? urlName(first.url) : factsOf(first).name
  return others.length === 0 ? name : `${name} + ${others.length} more`
}

const urlName = (url: string): string => new URL(url).pathname.split('/').pop() || url

/** Host of a URL, size of a file, or number of images. */
export function originOf(source: ImageSource | Group): string {
  switch (source.kind) {
    case 'file':
    case 'missing':
      return formatBytes(factsOf(source).size)
    case 'url':
      return new URL(source.url).host
    case 'group':
      return plural(source.sources.length, 'image')
  }
}

/** What to add for tasks that are run again; null for nothing. */
export function wantedText(names: readonly string[]): string | null {
  const [name, ...more] = names
  if (name === undefined) return null
  return more.length === 0
    ? `Add the original of ${name}`
    : `Add ${name} and ${more.length} more to run them again`
}

/** "Nature Boost · 2× · PNG" */
export const settingsText = ({ model, scale, saveImageAs, enhanceFace }: StartSettings): string =>
  `${MODELS[model].name} · ${scale}× · ${saveImageAs.toUpperCase()}${enhanceFace ? ' · Faces' : ''}`

/** "640 × 480" */
export const formatDimensions = (width: number, height: number): string =>
  `${formatNumber(width)} × ${formatNumber(height)}`

/** State of the upload until its task is there. `isGroup`: its files have to be named. */
export function uploadText(
  state: Exclude<UploadState, { kind: 'ready' | 'started' }>,
  isGroup: boolean,
): string {
  switch (state.kind) {
    case 'checking':
      return 'Checking file…'
    case 'invalid':
      return state.why
    case 'waiting':
      return state.until === null
        ? 'Queued'
        : `Starts at ${formatClockTime(state.until)} (hourly limit)`
    case 'sending':
      return state.sent < 1 ? `Uploading ${formatPercent(state.sent * 100)}` : 'Uploaded, starting…'
    case 'failed':
      return state.again || state.error.kind !== 'unknown' ? errorText(state.error) : TOO_LATE
    case 'cancelled':
      return 'Cancelled'
    case 'interrupted':
      return interruptedText(state, isGroup)
    case 'abandoned':
      return state.why === 'expired'
        ? 'Upload abandoned: its links expired. No task was started, nothing was charged.'
        : 'Upload abandoned: its tab was closed. No task was started, nothing was charged.'
  }
}

const TOO_LATE =
  'The task may have started, and a retry is no longer safe. Check your Upscayl account before you add the image again.'

type Interrupted = Extract<UploadState, { kind: 'interrupted' }>

function interruptedText({ needed, sent, unsure }: Interrupted, isGroup: boolean): string {
  const files = isGroup ? namesText(needed) : 'the file'
  if (unsure) {
    return `The task may have started. Choose ${files} again to make sure. It won’t start a second task.`
  }
  const there = sent === 0 ? '' : ` at ${formatPercent(sent * 100)}`
  return `Upload interrupted${there}. Choose ${files} again to continue.`
}

/** Why a chosen file does not continue an upload. `needed`: names of its files. */
export function otherFileText(file: File, needed: readonly string[]): string {
  const [first = ''] = needed
  if (needed.includes(file.name)) {
    return `${file.name} has changed since. Remove this upload, then add it as a new image.`
  }
  return `${file.name} is another file. Choose ${needed.length > 1 ? 'the files of this task' : first}.`
}

/** An error: what happened, what it means for credits, and what can be done. */
function errorText(error: AttemptError): string {
  switch (error.kind) {
    case 'cut':
      return 'Upload interrupted. Nothing was charged.'
    case 'unreachable':
      return 'Can’t reach Upscayl. Nothing was charged.'
    case 'unknown':
      return 'Uploaded, but we got no reply. Retry is safe and won’t start a second task.'
    case 'cancelled':
      return 'Cancelled'
    case 'key':
      return 'Invalid API key. Nothing was charged.'
    case 'credits':
      return withMessage('Not enough credits. Nothing was charged.', error.message)
    case 'too-large':
      return 'This image is too large. Nothing was charged.'
    case 'rejected':
      return error.by === 'loupe'
        ? `Loupe’s server rejected this upload. Nothing was charged. ${error.message ?? ''}`.trimEnd()
        : withMessage('Upscayl rejected this image. Nothing was charged.', error.message)
    case 'single-only':
      return 'This API takes one image per task. Nothing was charged.'
    case 'unavailable':
      return error.message ?? 'Uploads need the Loupe server.'
    case 'upstream':
      return error.by === 'loupe'
        ? `Loupe’s server had a problem. The task may have started. ${error.message ?? ''}`.trimEnd()
        : withMessage('Upscayl error. The task may have started.', error.message)
  }
}

const withMessage = (text: string, message: string | null) =>
  message === null ? text : `${text} Upscayl says: “${message}”`

/** "About 20 s left" after the status of a running task; null if nothing is known of its time. */
export const timeLeft = (task: Task, left: { from: number; to: number } | null): string | null =>
  left === null || isTerminal(task) ? null : `${lower(formatRange(left.from, left.to))} left`

const lower = (text: string) => text.slice(0, 1).toLowerCase() + text.slice(1)

/** Number of images in each of these states, for the line below the button. */
export function summaryText(uploads: readonly Upload[]): string {
  const count = (kind: UploadState['kind']) =>
    uploads.filter(({ state }) => state.kind === kind).length
  const parts = [
    [count('started'), 'started'],
    [count('failed'), 'failed'],
    [count('invalid'), 'can’t be upscaled'],
    [count('cancelled'), 'cancelled'],
    [count('interrupted'), 'interrupted'],
    [count('abandoned'), 'abandoned'],
  ] as const
  return parts.flatMap(([n, text]) => (n === 0 ? [] : [`${n} ${text}`])).join(', ')
}

/** "about 20 credits"; null if the price is unknown. */
export const estimateText = (credits: number | null): string | null =>
  credits === null ? null : `about ${formatCredits(Math.round(credits))}`
