import { formatBytes } from '../lib/bytes.ts'
import type { SaveFault } from './download-queue.ts'

/** Reason why a download failed, and what the user can do. */
export function errorText(error: SaveFault): string {
  switch (error.kind) {
    case 'ended':
      return error.status === null ? 'Link expired.' : `Link expired (HTTP ${error.status}).`
    case 'refused':
      return 'The host blocked this page, or the link expired. Nothing was saved.'
    case 'status':
      return `The host returned HTTP ${error.status}. Nothing was saved. Try again later.`
    case 'closed':
      return 'Only the browser can save this file. Open its link.'
    case 'network':
      return 'Couldn’t reach the host. Nothing was saved. Try again.'
    case 'cut-off':
      return `The connection dropped${error.received === null ? '' : ` after ${formatBytes(error.received)}`}. Nothing was saved. Try again.`
    case 'cancelled':
      return 'Cancelled. Nothing was saved.'
    case 'empty':
      return 'The host sent an empty file. Nothing was saved.'
    case 'no-image':
      return 'The host sent something other than an image. Nothing was saved.'
    case 'incomplete':
      return `The file is cut off after ${formatBytes(error.received)}. Nothing was saved.`
    case 'no-link':
      return 'No download link.'
    case 'no-files':
      return 'Upscayl returned no files.'
    case 'disk':
      return `Couldn’t save: ${error.reason}`
  }
}
