import type { ApiError } from '../../upscayl/errors.ts'
import type { ShareError } from '../../upscayl/shares.ts'

interface Words {
  readonly title: string
  readonly means: string
}

/** What went wrong with the link, for somebody who can only look. */
export const FAULT_WORDS = {
  network: {
    title: 'The server cannot be reached',
    means:
      'This device may be offline, or the server may have stopped. The page tries again by itself.',
  },
  unavailable: {
    title: 'Live links do not work here',
    means:
      'This Loupe has no server that keeps them. Ask the sender where the link should lead, or for a snapshot.',
  },
  'too-many': {
    title: 'The server is busy',
    means: 'Open the link again in a while.',
  },
  unknown: {
    title: 'This link leads nowhere',
    means:
      'A part of it may be missing, as happens when a link is copied or broken over two lines. Ask the sender to send it once more.',
  },
  ended: {
    title: 'This link has ended',
    means: 'Live links last as long as their sender chose. Ask the sender for a new one.',
  },
  revoked: {
    title: 'The sender has revoked this link',
    means: 'It shows nothing any more. Ask the sender for a new one.',
  },
  refused: {
    title: 'The server has a problem',
    means: 'It could not open the link now. The page tries again by itself.',
  },
} as const satisfies Record<ShareError['kind'], Words>

/** Why the server could not see the task, for somebody who has no key to change. */
export function failureWords({ kind }: ApiError): Words {
  switch (kind) {
    case 'key':
      return {
        title: 'The sender’s key is no longer accepted',
        means: 'So nothing new is seen of the task. Ask the sender for a new link.',
      }
    case 'missing':
      return {
        title: 'There is no such task',
        means: 'The sender’s account has none with this id. Ask the sender for the right link.',
      }
    case 'limited':
      return {
        title: 'No question is left this hour',
        means: 'Upscayl takes only so many for the sender’s key. The page goes on by itself.',
      }
    case 'credits':
    case 'rejected':
      return {
        title: 'Upscayl refuses to show the task',
        means: 'Only the sender can find out why.',
      }
    case 'network':
    case 'unreachable':
    case 'timeout':
    case 'upstream':
      return {
        title: 'Upscayl does not answer at present',
        means: 'The task is not affected. The page goes on by itself.',
      }
  }
}
