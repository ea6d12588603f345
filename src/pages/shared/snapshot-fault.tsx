import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import type { SnapshotFault } from '../../snapshot/open.ts'

/** What keeps a snapshot shut whatever is typed. */
export type FinalFault = Exclude<SnapshotFault, 'locked' | 'wrong-passphrase'>

interface FaultWords {
  readonly title: string
  readonly means: string
  /** What the person can do. */
  readonly next: string
}

const AGAIN = 'Copy the whole link once more, or ask whoever sent it for a new one.'

const WORDS: Readonly<Record<FinalFault, FaultWords>> = {
  'not-a-snapshot': {
    title: 'There is no snapshot in this link',
    means:
      'A snapshot link has a long text after its # sign. Here there is none, or one that Loupe did not make, so nothing of it is shown.',
    next: AGAIN,
  },
  newer: {
    title: 'This snapshot is from a newer Loupe',
    means: 'It is written in a way that this version does not know yet.',
    next: 'Load the page again to get the newest version. If that does not help, ask the sender which Loupe it opens in.',
  },
  damaged: {
    title: 'This link is damaged',
    means:
      'Part of its text is missing or was changed on the way, as happens when a mail or chat program breaks a long link.',
    next: AGAIN,
  },
  'too-large': {
    title: 'This link holds too much',
    means:
      'It unpacks to more than any snapshot that Loupe makes, so it was not opened. Nothing of it was kept.',
    next: 'If you expected a snapshot here, ask whoever sent it for a new one.',
  },
  'no-crypto': {
    title: 'This snapshot cannot be unlocked at this address',
    means:
      'It has a passphrase, and browsers unlock only on https pages and on this machine itself (localhost).',
    next: 'Open the same link with https:// in front, or ask the sender for one without a passphrase.',
  },
  'no-compression': {
    title: 'This browser can’t open snapshots',
    means: 'A snapshot is compressed, and this browser can’t decompress it. The link is fine.',
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
          fault === 'newer' ? (
            <Button className="mt-3" onClick={() => location.reload()}>
              Load the page again
            </Button>
          ) : null
        }
      >
        <p>{means}</p>
        <p className="mt-2 text-ink">{next}</p>
      </Notice>
    </>
  )
}
