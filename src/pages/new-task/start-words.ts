import { formatBytes } from '../../lib/bytes.ts'
import { formatClockTime, formatCredits } from '../../lib/format.ts'
import type { Item, ItemState } from '../../starting/item.ts'
import type { Source, StartError } from '../../upscayl/start-task.ts'

/** What the image is called. */
export const nameOf = (source: Source): string =>
  source.kind === 'file' ? source.file.name : addressName(source.url)

const addressName = (url: string): string => new URL(url).pathname.split('/').pop() || url

/** Where it comes from, or how large it is. */
export const originOf = (source: Source): string =>
  source.kind === 'file' ? formatBytes(source.file.size) : new URL(source.url).host

/** How far it is, in words. */
export function stateWords(state: ItemState): string {
  switch (state.kind) {
    case 'checking':
      return 'Being looked at'
    case 'unfit':
      return state.why
    case 'ready':
      return 'Ready'
    case 'waiting':
      return state.until === null
        ? 'Waits for its turn'
        : `Waits until ${formatClockTime(state.until)}: the hour’s starts are used up`
    case 'sending':
      return state.sent < 1
        ? `Sent: ${Math.floor(state.sent * 100)} %`
        : 'Sent; waits for the answer'
    case 'started':
      return state.credits === null ? 'Started' : `Started · ${formatCredits(state.credits)}`
    case 'failed':
      return errorWords(state.error)
    case 'cancelled':
      return 'Cancelled: no task was started'
  }
}

/** What happened, what it means for credits, and what can be done. */
export function errorWords(error: StartError): string {
  switch (error.kind) {
    case 'cut':
      return 'The upload broke off. No task was started, and nothing was deducted.'
    case 'unreachable':
      return 'Couldn’t reach Upscayl. No task was started, and nothing was charged.'
    case 'unknown':
      return 'All was sent, but no answer came back, so a task may run. Trying again starts no second one; added anew, the image would.'
    case 'cancelled':
      return 'Cancelled: no task was started'
    case 'key':
      return 'Upscayl does not accept this key. No task was started.'
    case 'credits':
      return said('The account has too few credits for this. No task was started.', error.message)
    case 'limited':
      return error.until === null
        ? 'Upscayl takes no more starts from this key for now. No task was started.'
        : `Upscayl takes no more starts from this key until ${formatClockTime(error.until)}. No task was started.`
    case 'too-large':
      return 'Upscayl says that the image is too large. No task was started.'
    case 'rejected':
      return said('Upscayl refuses this image. No task was started.', error.message)
    case 'unavailable':
      return 'This Loupe has no server that passes images on, so it cannot start tasks.'
    case 'upstream':
      return said('Upscayl has a problem, so a task may or may not run.', error.message)
  }
}

const said = (words: string, message: string | null) =>
  message === null ? words : `${words} It says: “${message}”`

/** What came of all of them, as far as they have ended. */
export function sumWords(items: readonly Item[]): string {
  const count = (kind: ItemState['kind']) => items.filter(({ state }) => state.kind === kind).length
  const parts = [
    [count('started'), 'started'],
    [count('failed'), 'failed'],
    [count('unfit'), 'cannot be sent'],
    [count('cancelled'), 'cancelled'],
  ] as const
  return parts.flatMap(([n, word]) => (n === 0 ? [] : [`${n} ${word}`])).join(', ')
}
