import {
  type ApiError,
  type ApiErrorKind,
  ERROR_RULES,
  isByLoupe,
  type NamedError,
} from '../../core/api/errors.ts'
import { formatClockTime } from '../lib/format.ts'

export interface ErrorText {
  /** The event, as a short title. */
  readonly title: string
  /** Meaning for the check, the credits and the files. */
  readonly means: string
}

const SAFE = 'Your task, credits and files at Upscayl are safe.'
const ONCE =
  'If the task has finished, its credits may have been deducted. That happens only once. Your files are safe.'

/** Title of each error, and what it means for the user's credits and files. */
const WORDS = {
  network: {
    title: 'Can’t reach the Loupe server',
    means: `You may be offline, or the server has stopped. ${SAFE}`,
  },
  unreachable: {
    title: 'Can’t reach Upscayl',
    means: `Loupe’s server couldn’t reach Upscayl, or the connection dropped. ${ONCE}`,
  },
  timeout: {
    title: 'Upscayl didn’t respond in time',
    means: `The request was sent, but no response arrived. ${ONCE}`,
  },
  key: {
    title: 'Invalid API key',
    means: `Upscayl rejected this API key, so the task couldn’t be loaded. ${SAFE}`,
  },
  credits: {
    title: 'Not enough credits',
    means:
      'Your account has too few credits. None were deducted, and Upscayl keeps the task. Add credits, then check again.',
  },
  missing: {
    title: 'Task not found',
    means:
      'Check the ID for typos. The task may also belong to another account. No credits were deducted.',
  },
  limited: {
    title: 'Hourly limit reached',
    means: `Upscayl limits checks per hour for each key, shared by everyone using it. ${SAFE}`,
  },
  rejected: {
    title: 'Upscayl rejected the request',
    means: `Retrying won’t help. ${SAFE}`,
  },
  upstream: {
    title: 'Upscayl error',
    means: `Upscayl had a problem, or its response couldn’t be read. ${ONCE}`,
  },
} as const satisfies Record<ApiErrorKind, ErrorText>

/** A rejection among successful checks, which is double-checked. */
export const DOUBT =
  'Earlier checks worked, so this may pass. The last known state stays here. Your credits and files are safe.'

const NO_LONGER: ErrorText = {
  title: 'Task no longer found',
  means:
    'Upscayl no longer finds this task for your key. The last known state stays here. No credits were deducted.',
}

/** Errors of Loupe's own server, where the words above would blame Upscayl. */
const OF_LOUPE: Partial<Record<ApiErrorKind, ErrorText>> = {
  rejected: {
    title: 'Loupe’s server rejected the request',
    means: `Upscayl was not contacted. ${SAFE}`,
  },
  upstream: {
    title: 'Loupe’s server had a problem',
    means: ONCE,
  },
}

/** `wasFound`: an earlier check succeeded, so the task ID has no typo. */
export const errorText = (error: NamedError, wasFound = false): ErrorText =>
  wasFound && error.kind === 'missing'
    ? NO_LONGER
    : ((isByLoupe(error) ? OF_LOUPE[error.kind] : null) ?? WORDS[error.kind])

/** The message that came with it, and a label for it; null for none, or one that repeats the words above. */
export function errorMessage(
  error: NamedError & { readonly message?: string | null },
): { label: string; message: string } | null {
  if (error.message == null) return null
  if (!isByLoupe(error)) return { label: 'Message', message: error.message }
  return error.kind === 'limited' ? null : { label: 'Loupe says', message: error.message }
}

/** The next step. `resumesAt`: epoch ms of the next check, null for none. */
export function errorNext(error: ApiError, resumesAt: number | null, relative: string): string {
  if (resumesAt === null) return 'Checks stopped. The result won’t change.'
  if (ERROR_RULES[error.kind].next === 'stop') return `Checking again ${relative} to confirm.`
  return ERROR_RULES[error.kind].next === 'wait'
    ? `Checks resume at ${formatClockTime(resumesAt)}, ${relative}.`
    : `Retrying ${relative}, then less often.`
}
