import { useEffect, useState } from 'react'
import { useLocation } from 'react-router'
import { plural } from '../../lib/format.ts'
import type { Result } from '../../lib/result.ts'
import { openSnapshot, type SnapshotFault } from '../../snapshot/open.ts'
import type { Snapshot } from '../../snapshot/snapshot.ts'
import { statusLabel } from '../../task-view/status-badge.tsx'
import { SnapshotFaultPanel } from './snapshot-fault.tsx'
import { SnapshotScreen } from './snapshot-screen.tsx'
import { UnlockForm } from './unlock-form.tsx'

/** What the address itself holds after its '#'. Needs no key and asks nobody. */
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
    // The form is gone with the focus in it; a reader should start at what it opened.
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
  const task = tasks.length === 1 ? first?.record.task : null
  const what = task ? statusLabel(task) : plural(tasks.length, 'task')
  return `${what}, snapshot · Loupe`
}
