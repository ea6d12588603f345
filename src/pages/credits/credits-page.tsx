import { useCallback, useEffect, useMemo } from 'react'
import { useStore } from '../../lib/store.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { ledgerOf } from '../../tasks/ledger.ts'
import { listOf } from '../../tasks/task-list.ts'
import { taskThumb } from '../../tasks/task-title.ts'
import { PageSkeleton } from '../../ui/page-skeleton.tsx'
import { Part } from '../../ui/part.tsx'
import { saveLedger } from '../task-list/save-list.ts'
import { Ledger } from './ledger.tsx'
import { Spent } from './spent.tsx'

/** Credits of the tasks that are or were listed. Sends no requests. */
export function CreditsPage({ apiKey }: { readonly apiKey: ApiKey }) {
  const list = listOf(apiKey)
  const { entries, spent, loaded } = useStore(list.state)
  useEffect(() => void list.load(), [list])
  const rows = useMemo(() => ledgerOf([...entries.values()], spent), [entries, spent])
  const onExport = useCallback(() => saveLedger(rows), [rows])
  if (!loaded) return <PageSkeleton />
  return (
    <>
      <title>Credits · Loupe</title>
      <h1 className="mb-4 text-xl font-semibold tracking-tight">Credits</h1>
      <Part>
        <Spent rows={rows} />
      </Part>
      <div className="mt-4">
        <Part>
          <Ledger
            rows={rows}
            thumbOf={(id) => {
              const entry = entries.get(id)
              return entry === undefined ? null : taskThumb(entry)
            }}
            onExport={onExport}
          />
        </Part>
      </div>
    </>
  )
}
