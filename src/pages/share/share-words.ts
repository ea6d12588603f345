import type { ShareError } from '../../upscayl/shares.ts'

/** What a fault means for somebody who shares, and what to do. */
export function senderWords(fault: ShareError): string {
  switch (fault.kind) {
    case 'network':
      return 'The server did not answer. Nothing was changed; try again.'
    case 'unavailable':
      return 'This Loupe has no server that keeps live links, so it offers snapshots only. They need none.'
    case 'too-many':
      return 'Too many live links of this key are open. Revoke some that are no longer needed.'
    case 'unknown':
    case 'ended':
    case 'revoked':
      return 'This live link has ended already.'
    case 'refused':
      return `The server refused. It says: ${fault.message}`
  }
}
