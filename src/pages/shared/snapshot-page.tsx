import { useEffect, useState } from 'react'
import { useLocation } from 'react-router'
import type { Result } from '../../../core/lib/result.ts'
import { plural } from '../../lib/format.ts'
import { SnapshotScreen } from '../../shared-view/snapshot-screen.tsx'
import { openSnapshot, type SnapshotFault } from '../../sharing/open-snapshot.ts'
import type { Snapshot } from '../../sharing/snapshot.ts'
import { taskTitle } from '../../tasks/task-title.ts'
import { SnapshotFaultPanel } from './snapshot-error.tsx'
import { UnlockForm } from './unlock-form.tsx'

/** Content of the URL's fragment. Needs no key and sends no requests. */
export function SnapshotPage() {
  const { hash } = useLocation()
  return <Opening key={hash} fragment={hash} />
}

type Opened = Result<Snapshot, SnapshotFault>

function Opening({ fragment }: { readonly fragment: string }) {
  const [opened, setOpened] = useState<Opened | null>(null)
  const [opening, setOpening] = useState(false)
  useEffect(() => {
    let left = false
    void openSnapshot(fragment, null).then((first) => {
      if (!left) setOpened(first)
    })
    return () => {
      left = true
    }
  }, [fragment])
  const unlock = async (passphrase: string) => {
    setOpening(true)
    const next = await openSnapshot(fragment, passphrase)
    setOpened(next)
    setOpening(false)
    // The focused form is gone; screen readers should continue at the opened content.
    if (next.ok) document.getElementById('main')?.focus({ preventScroll: true })
  }

  if (opened === null) return <div aria-busy className="min-h-96" />
  if (opened.ok) {
    return (
      <>
        <title>{titleOf(opened.value)}</title>
        <SnapshotScreen snapshot={opened.value} />
      </>
    )
  }
  const { error } = opened
  if (error !== 'locked' && error !== 'wrong-passphrase') {
    return <SnapshotFaultPanel fault={error} />
  }
  return (
    <UnlockForm
      wrong={error === 'wrong-passphrase'}
      opening={opening}
      onPassphrase={(passphrase) => void unlock(passphrase)}
    />
  )
}

function titleOf({ tasks }: Snapshot): string {
  const [first] = tasks
  const { length } = tasks
  return `${length === 1 && first !== undefined ? taskTitle(first) : plural(length, 'task')} · Snapshot · Loupe`
}
