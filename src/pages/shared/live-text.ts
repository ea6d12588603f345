import type { ApiErrorKind } from '../../../core/api/errors.ts'
import type { ShareError } from '../../api/shares.ts'

interface Words {
  readonly title: string
  readonly means: string
}

/** Errors of a link, for someone who can only view it. */
export const FAULT_WORDS = {
  network: {
    title: 'Can’t reach the Loupe server',
    means: 'You may be offline. Retrying.',
  },
  unavailable: {
    title: 'Public links aren’t available here',
    means: 'This site has no Loupe server. Ask the sender for a snapshot.',
  },
  'too-many': {
    title: 'The Loupe server is busy',
    means: 'Try again later.',
  },
  unknown: {
    title: 'Link not found',
    means: 'Part of it may be missing. Ask the sender to send it again.',
  },
  ended: {
    title: 'Link expired',
    means: 'Ask the sender for a new one.',
  },
  revoked: {
    title: 'Link revoked',
    means: 'The sender turned it off. Ask for a new one.',
  },
  refused: {
    title: 'Loupe server error',
    means: 'Couldn’t open the link. Retrying.',
  },
} as const satisfies Record<ShareError['kind'], Words>

const REJECTED: Words = {
  title: 'Upscayl rejected the request',
  means: 'Ask the sender to check the task.',
}
const SILENT: Words = {
  title: 'Can’t reach Upscayl',
  means: 'The task isn’t affected. Retrying.',
}

/** Reasons why the server could not check the task, for viewers who have no key to change. */
export const FAILURE_WORDS: Readonly<Record<ApiErrorKind, Words>> = {
  key: {
    title: 'The sender’s key no longer works',
    means: 'Ask the sender for a new link.',
  },
  missing: {
    title: 'Task not found',
    means: 'There’s no task with this ID in the sender’s account.',
  },
  limited: {
    title: 'Hourly limit reached',
    means: 'Upscayl limits checks per hour for the sender’s key. Updates resume by themselves.',
  },
  credits: REJECTED,
  rejected: REJECTED,
  network: SILENT,
  unreachable: SILENT,
  timeout: SILENT,
  upstream: SILENT,
}
