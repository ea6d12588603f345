import { formatBytes } from '../lib/bytes.ts'
import type { SaveFault } from './saves.ts'

/** Why a file did not arrive, and what to do. */
export function faultWords(fault: SaveFault): string {
  switch (fault.kind) {
    case 'ended':
      return fault.status === null
        ? 'Its link has ended.'
        : `Its link has ended (the host answered ${fault.status}).`
    case 'refused':
      return 'Its host let this page read nothing. The link may have ended. Nothing was saved.'
    case 'status':
      return `Its host answered ${fault.status}. Try again later; nothing was saved.`
    case 'closed':
      return 'Its host lets only the browser itself save it: open its link.'
    case 'network':
      return 'Its host could not be reached. Try again; nothing was saved.'
    case 'cut-off':
      return `The connection broke${fault.received === null ? '' : ` after ${formatBytes(fault.received)}`}. Try again; nothing was saved.`
    case 'cancelled':
      return 'Cancelled; nothing was saved.'
    case 'empty':
      return 'Its host sent an empty file. Nothing was saved.'
    case 'no-image':
      return 'Its host sent something other than an image, such as a web page. Nothing was saved.'
    case 'incomplete':
      return `The file stops after ${formatBytes(fault.received)}, before its end. Nothing was saved.`
    case 'no-link':
      return 'Upscayl gave no link for it.'
    case 'no-files':
      return 'Upscayl listed no files for this task.'
    case 'disk':
      return `The browser could not write it: ${fault.reason}`
  }
}
