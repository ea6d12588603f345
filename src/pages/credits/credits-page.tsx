import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react'
import { type ApiKey, hashKey } from '../../session/api-key.ts'
import { ledgerOf } from '../../watchlist/ledger.ts'
import { listOf } from '../../watchlist/list.ts'
import { BackLink } from '../task/back-link.tsx'
import { saveLedger, saveList } from '../watch-list/save-list.ts'
import { Ledger } from './ledger.tsx'
import { Spent } from './spent.tsx'

/** What the tasks of the list cost. Nothing is asked for it. */
export function CreditsPage({ apiKey }: { readonly apiKey: ApiKey }) {
  const list = listOf(hashKey(apiKey))
  const { entries, loaded } = useSyncExternalStore(list.subscribe, list.state)
  useEffect(() => void list.load(), [list])
  const all = useMemo(() => [...entries.values()], [entries])
  const rows = useMemo(() => ledgerOf(all), [all])
  const onExportCsv = useCallback(() => void saveLedger(all), [all])
  if (!loaded) return null
  return (
    <>
      <title>Credits · Loupe</title>
      <BackLink />
      <h1 className="mt-1 mb-5 text-xl font-semibold tracking-tight">Credits</h1>
      <Spent entries={all} />
      <div className="mt-4">
        <Ledger rows={rows} onExportCsv={onExportCsv} onExportList={() => void saveList(all)} />
      </div>
    </>
  )
}
