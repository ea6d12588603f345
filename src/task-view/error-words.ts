import { formatClockTime } from '../lib/format.ts'
import { type ApiError, type ApiErrorKind, ERROR_RULES } from '../upscayl/errors.ts'

export interface ErrorWords {
  /** What happened. */
  readonly title: string
  /** What it means: for the question, for credits and for files. */
  readonly means: string
}

const SAFE =
  'Nothing was lost: the task goes on at Upscayl, and its credits and files are untouched.'

/** What each error is called and what it means for the user's credits and files. */
const WORDS = {
  network: {
    title: 'The server cannot be reached',
    means:
      'No answer came: this device may be offline, or the server that Loupe came from may have stopped. The task goes on at Upscayl; its credits and files are untouched.',
  },
  unreachable: {
    title: 'Upscayl cannot be reached',
    means:
      'The server that Loupe came from found no way to Upscayl, or the answer broke off. If the task has ended meanwhile, its credits may already have been deducted; that happens only once, however often Loupe asks. Your files are safe.',
  },
  timeout: {
    title: 'Upscayl did not answer in time',
    means:
      'The question was sent, but no answer came back. If the task has ended meanwhile, its credits may already have been deducted. They are deducted only once, however often Loupe asks. Your files are safe.',
  },
  key: {
    title: 'This key is not accepted',
    means: `Upscayl did not recognise the API key, so it told nothing about the task. ${SAFE}`,
  },
  credits: {
    title: 'Not enough credits',
    means:
      'The account has too few credits for this. None were deducted, and the task is kept at Upscayl. Add credits to the account, then check again.',
  },
  missing: {
    title: 'No such task for this key',
    means:
      'Upscayl knows no task with this id that belongs to your key. The id may have a typo, or the task belongs to another account. No credits were deducted.',
  },
  limited: {
    title: 'The allowance of this key is used up',
    means:
      'Upscayl takes only so many questions an hour for one key, counted over everyone who uses it. The task goes on meanwhile; its credits and files are untouched.',
  },
  rejected: {
    title: 'Upscayl refuses the question',
    means: `Asking the same again would get the same answer. ${SAFE}`,
  },
  upstream: {
    title: 'Upscayl has a problem',
    means:
      'The answer could not be read or said that something broke there. If the task has ended meanwhile, its credits may already have been deducted; that happens only once, however often Loupe asks. Your files are safe.',
  },
} as const satisfies Record<ApiErrorKind, ErrorWords>

/** A refusal amid good answers, which is asked again. */
export const DOUBT =
  'Earlier checks of this task were answered, so this may pass. The last known state stays here, and your credits and files are untouched.'

const NO_LONGER: ErrorWords = {
  title: 'Task no longer found',
  means:
    'Upscayl answered earlier checks of this task, and no longer finds it for your key. The last known state stays here. No credits were deducted for these checks.',
}

/** `answered`: the task was answered before, so its id has no typo. */
export const errorWords = (error: ApiError, answered = false): ErrorWords =>
  answered && error.kind === 'missing' ? NO_LONGER : WORDS[error.kind]

/** The API's own words, where it had any. */
export const errorMessage = (error: ApiError): string | null =>
  'message' in error ? error.message : null

/** What happens next. `resumesAt`: epoch ms of the next question, null for none. */
export function errorNext(error: ApiError, resumesAt: number | null, relative: string): string {
  if (resumesAt === null) return 'Loupe has stopped asking, since the answer would be the same.'
  if (ERROR_RULES[error.kind].next === 'stop') return `Checking again ${relative} to make sure.`
  return ERROR_RULES[error.kind].next === 'wait'
    ? `Checks resume at ${formatClockTime(resumesAt)}, ${relative}.`
    : `Next try ${relative}. Loupe keeps trying, less often each time.`
}
