import { useEffect, useId, useMemo, useState } from 'react'
import { Checkbox } from '../../components/choice.tsx'
import { now, wakeWhen } from '../../lib/clock.ts'
import { formatNumber, plural } from '../../lib/format.ts'
import { canLock } from '../../snapshot/lock.ts'
import type { Snapshot } from '../../snapshot/snapshot.ts'
import { SnapshotScreen } from '../shared/snapshot-screen.tsx'
import { LinkBox } from './link-box.tsx'
import {
  makeSnapshotLink,
  type Seen,
  type SnapshotChoice,
  type SnapshotLink,
} from './make-snapshot-link.ts'
import { ShownChoice } from './shown-choice.tsx'

/** Makes a snapshot, and shows what its receiver will see before it can be copied. */
export function SnapshotPanel({ seen }: { readonly seen: Seen }) {
  const [credits, setCredits] = useState(true)
  const [links, setLinks] = useState(false)
  const [locked, setLocked] = useState(false)
  const [passphrase, setPassphrase] = useState('')
  const choice = useMemo<SnapshotChoice>(
    () => ({ shown: { credits, links }, passphrase: locked ? passphrase : null }),
    [credits, links, locked, passphrase],
  )
  const link = useSnapshotLink(seen, choice)
  return (
    <>
      <p className="text-pretty text-muted">
        Whoever has the link sees what you see now, without a key. All of it is in the link itself,
        which no server gets to read: it never changes, asks nothing, and cannot be taken back.
      </p>
      <div className="mt-4 grid gap-4">
        <ShownChoice credits={credits} onCredits={setCredits} links={links} onLinks={setLinks} />
        <Checkbox
          label="Lock it with a passphrase"
          checked={locked}
          onChange={setLocked}
          disabled={!canLock()}
        >
          {canLock()
            ? 'Send the passphrase by another way than the link.'
            : 'Browsers encrypt only at a secure address: https, or this machine itself.'}
        </Checkbox>
        {locked ? <Passphrase value={passphrase} onChange={setPassphrase} /> : null}
      </div>
      <Outcome link={link} empty={locked && passphrase === ''} />
    </>
  )
}

function Passphrase(props: { readonly value: string; readonly onChange: (text: string) => void }) {
  const id = useId()
  return (
    <div className="pl-6.5">
      <label htmlFor={id} className="text-sm font-medium">
        Passphrase
      </label>
      <input
        id={id}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        aria-describedby={`${id}-advice`}
        className="mt-1.5 min-h-11 w-full rounded-lg border border-line-strong bg-surface px-3 font-mono text-sm"
      />
      <p id={`${id}-advice`} className="mt-1.5 text-sm text-muted">
        Four or more unusual words are hard to guess.
      </p>
    </div>
  )
}

/** null while the link is made; 'failed' where this browser could not. */
type Making = SnapshotLink | 'failed' | null

function Outcome({ link, empty }: { readonly link: Making; readonly empty: boolean }) {
  if (empty) return <p className="mt-5 text-sm text-muted">Enter a passphrase to get the link.</p>
  if (link === null) return <p className="mt-5 text-sm text-muted">Making the link…</p>
  if (link === 'failed') {
    return (
      <p role="alert" className="mt-5 text-sm text-pretty text-bad">
        This browser could not make a snapshot: it is too old to compress one.
      </p>
    )
  }
  return (
    <>
      <Preview snapshot={link.opened} />
      <LinkBox key={link.url} label="Snapshot link" url={link.url} title="A snapshot on Loupe" />
      <p className="text-sm text-pretty text-muted">{lengthWords(link)}</p>
    </>
  )
}

const lengthWords = ({ url, opened }: SnapshotLink): string => {
  const files = opened.tasks.reduce((sum, { filesLeftOut }) => sum + filesLeftOut, 0)
  const left = [
    ...(opened.leftOut > 0 ? [plural(opened.leftOut, 'task')] : []),
    ...(files > 0 ? [plural(files, 'file')] : []),
  ]
  const length = `The link has ${formatNumber(url.length)} characters.`
  return left.length === 0 ? length : `${length} ${left.join(' and ')} did not fit into it.`
}

/** The receiver's own page, made from the link itself. */
function Preview({ snapshot }: { readonly snapshot: Snapshot }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="mt-5">
      <h3 id={id} className="text-sm font-medium">
        What the receiver will see
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

/** A pause in typing: to lock a link takes a moment of the processor. */
const PAUSE_MS = 400

function useSnapshotLink(seen: Seen, choice: SnapshotChoice): Making {
  const [made, setMade] = useState<{ choice: SnapshotChoice; link: Making } | null>(null)
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
  // A link of another choice must not be copied for this one.
  return made?.choice === choice ? made.link : null
}
