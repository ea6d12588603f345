import { useEffect } from 'react'
import { useStore } from '../lib/store.ts'
import { NewVersion } from '../ui/new-version.tsx'
import { newVersion, startUpdates } from './updates.ts'

/** Offers a new version when one is ready. Without the reload, the page goes on with its own. */
export function UpdateNotice() {
  const reload = useStore(newVersion)
  useEffect(() => void startUpdates(), [])
  return (
    <div role="status">
      {reload === null ? null : (
        <NewVersion onReload={reload} onDismiss={() => newVersion.set(null)} />
      )}
    </div>
  )
}
