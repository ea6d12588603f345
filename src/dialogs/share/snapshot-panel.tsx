import { useEffect, useId, useMemo, useState } from 'react'
import { now, wakeWhen } from '../../lib/clock.ts'
import { formatNumber, plural } from '../../lib/format.ts'
import { SnapshotScreen } from '../../shared-view/snapshot-screen.tsx'
import { canEncrypt } from '../../sharing/encrypt.ts'
import type { Snapshot } from '../../sharing/snapshot.ts'
import { taskTitle } from '../../tasks/task-title.ts'
import { Checkbox } from '../../ui/choice.tsx'
import { Field } from '../../ui/field.tsx'
import { LinkBox } from './link-box.tsx'
import {
  makeSnapshotLink,
  type Seen,
  type SnapshotChoice,
  type SnapshotLink,
} from './make-snapshot-link.ts'
import { DEFAULT_CONTENT, VisibilityChoice } from './visibility-choice.tsx'

/** Creates a snapshot link, and shows what its recipient will see before it can be copied. */
export function SnapshotPanel({ seen }: { readonly seen: Seen }) {
  const [content, setContent] = useState(DEFAULT_CONTENT)
  const [locked, setLocked] = useState(false)
  const [passphrase, setPassphrase] = useState('')
  const choice = useMemo<SnapshotChoice>(
    () => ({ content, passphrase: locked ? passphrase : null }),
    [content, locked, passphrase],
  )
  const link = useSnapshotLink(seen, choice)
  return (
    <>
      <p className="text-sm text-pretty text-muted">
        A frozen copy, stored in the link itself. It can’t be revoked.
      </p>
      <div className="mt-4 grid gap-4">
        <VisibilityChoice
          content={content}
          onContent={setContent}
          previews={seen.tasks.length === 1}
        />
        <Checkbox
          label="Require a passphrase"
          checked={locked}
          onChange={setLocked}
          disabled={!canEncrypt()}
        >
          {canEncrypt()
            ? 'Send the passphrase separately.'
            : 'Needs https or localhost, where browsers can encrypt.'}
        </Checkbox>
        {locked ? (
          <div className="pl-6.5">
            <Field
              label="Passphrase"
              value={passphrase}
              onValue={setPassphrase}
              autoCapitalize="none"
              help="Four or more unusual words are hard to guess."
              className="font-mono text-sm"
            />
          </div>
        ) : null}
      </div>
      <LinkResult link={link} empty={locked && passphrase === ''} title={titleOf(seen)} />
    </>
  )
}

function titleOf({ tasks }: Seen): string {
  const [first] = tasks
  return tasks.length === 1 && first !== undefined ? taskTitle(first) : plural(tasks.length, 'task')
}

/** null while the link is created; 'failed' if this browser could not. */
type LinkState = SnapshotLink | 'failed' | null

interface LinkResultProps {
  readonly link: LinkState
  /** A passphrase is still to be entered. */
  readonly empty: boolean
  /** Title for the device's share sheet. */
  readonly title: string
}

function LinkResult({ link, empty, title }: LinkResultProps) {
  if (empty) return <p className="mt-5 text-sm text-muted">Enter a passphrase to get the link.</p>
  if (link === null) return <p className="mt-5 text-sm text-muted">Creating link…</p>
  if (link === 'failed') {
    return (
      <p role="alert" className="mt-5 text-sm text-pretty text-bad">
        This browser is too old to create snapshots.
      </p>
    )
  }
  return (
    <>
      <LinkBox key={link.url} label="Snapshot link" url={link.url} title={title} />
      <p className="text-sm text-pretty text-muted empty:hidden">{lengthText(link)}</p>
      <Preview snapshot={link.opened} />
    </>
  )
}

/** Links above this length get cut by some chats. */
const LONG_LINK = 2_000

function lengthText({ url, opened }: SnapshotLink): string {
  const files = opened.tasks.reduce((sum, { filesLeftOut }) => sum + filesLeftOut, 0)
  const left = [
    ...(opened.leftOut > 0 ? [plural(opened.leftOut, 'task')] : []),
    ...(files > 0 ? [plural(files, 'file')] : []),
  ]
  const length =
    url.length > LONG_LINK
      ? `${formatNumber(url.length)} characters: some chats cut long links.`
      : ''
  return left.length === 0 ? length : `${length} ${left.join(' and ')} didn’t fit.`.trim()
}

/** The recipient's own page, rendered from the link itself. */
function Preview({ snapshot }: { readonly snapshot: Snapshot }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="mt-5">
      <h3 id={id} className="text-sm font-medium">
        Preview
      </h3>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        className="mt-1.5 max-h-80 overflow-y-auto rounded-lg border border-line bg-page p-4"
      >
        <div inert className="text-[0.9375rem]">
          <SnapshotScreen snapshot={snapshot} />
        </div>
      </div>
    </section>
  )
}

/** Typing delay in milliseconds: encrypting a link takes processor time. */
const PAUSE_MS = 400

function useSnapshotLink(seen: Seen, choice: SnapshotChoice): LinkState {
  const [made, setMade] = useState<{ choice: SnapshotChoice; link: LinkState } | null>(null)
  useEffect(() => {
    if (choice.passphrase === '') return
    let current = true
    const make = async () => {
      const link = await makeSnapshotLink(seen, choice).catch(() => 'failed' as const)
      if (current) setMade({ choice, link })
    }
    const stop = choice.passphrase === null ? void make() : wakeWhen(now() + PAUSE_MS, make)
    return () => {
      current = false
      stop?.()
    }
  }, [seen, choice])
  // A link with other choices must not be copied for this one.
  return made?.choice === choice ? made.link : null
}
