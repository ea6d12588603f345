import type { SnapshotFault } from '../../sharing/open-snapshot.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'

/** Errors that no passphrase can resolve. */
export type FinalFault = Exclude<SnapshotFault, 'locked' | 'wrong-passphrase'>

interface ErrorWords {
  readonly title: string
  readonly means: string
  /** Instruction for the user. */
  readonly next: string
}

const AGAIN = 'Copy the whole link again, or ask the sender for a new one.'

const WORDS: Readonly<Record<FinalFault, ErrorWords>> = {
  'not-a-snapshot': {
    title: 'No snapshot in this link',
    means: 'The text after # is missing, or wasn’t made by Loupe.',
    next: AGAIN,
  },
  newer: {
    title: 'This snapshot is from a newer Loupe',
    means: 'This version can’t read it yet.',
    next: 'Reload to get the newest version.',
  },
  damaged: {
    title: 'Damaged link',
    means: 'Part of it is missing or changed. Mail and chat programs can break long links.',
    next: AGAIN,
  },
  'too-large': {
    title: 'Snapshot too large',
    means: 'It’s larger than any snapshot that Loupe makes, so it wasn’t opened.',
    next: 'Ask the sender for a new one.',
  },
  'no-crypto': {
    title: 'Can’t unlock the snapshot here',
    means: 'Passphrases need https or localhost.',
    next: 'Open the link with https://, or ask for one without a passphrase.',
  },
  'no-compression': {
    title: 'This browser can’t open snapshots',
    means: 'Snapshots are compressed, and this browser can’t decompress them.',
    next: 'Open it in a current version of Chrome, Edge, Firefox or Safari.',
  },
}

/** Why a link shows nothing, and what to do. */
export function SnapshotFaultPanel({ fault }: { readonly fault: FinalFault }) {
  const { title, means, next } = WORDS[fault]
  return (
    <>
      <title>{`${title} · Loupe`}</title>
      <h1 className="sr-only">Snapshot</h1>
      <Notice
        tone="warn"
        title={title}
        action={
          fault === 'newer' ? <Button onClick={() => location.reload()}>Reload</Button> : null
        }
      >
        <p>{means}</p>
        <p className="mt-2 text-ink">{next}</p>
      </Notice>
    </>
  )
}
