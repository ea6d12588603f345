import { startTransition, useCallback, useEffect, useMemo, useOptimistic, useState } from 'react'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import type { TaskId } from '../../../core/api/task-id.ts'
import { EMPTY_RECORD } from '../../../core/record/task-record.ts'
import type { Seen } from '../../dialogs/share/make-snapshot-link.ts'
import type { Batch } from '../../downloads/batch.ts'
import { cleanPart } from '../../downloads/safe-name.ts'
import { copyText } from '../../lib/browser/sharing.ts'
import { now } from '../../lib/clock.ts'
import { plural } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import { useStore } from '../../lib/store.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { listingOf } from '../../task-view/listing-of.ts'
import { SaveAllPanel, useZipJob } from '../../task-view/save-all-panel.tsx'
import { countLabels } from '../../tasks/annotation.ts'
import { imageCount, imageNames } from '../../tasks/image-names.ts'
import { ledgerOf } from '../../tasks/ledger.ts'
import { readListHash } from '../../tasks/list-link.ts'
import { type ListQuery, parseListQuery, writeListQuery } from '../../tasks/list-query.ts'
import { noChecksText } from '../../tasks/no-checks.ts'
import { NOTHING_PASTED, type Pasted } from '../../tasks/parse-paste.ts'
import type { Poller } from '../../tasks/poller.ts'
import { savedViewsOf } from '../../tasks/saved-views.ts'
import { listOf } from '../../tasks/task-list.ts'
import { taskSettings, taskTitle } from '../../tasks/task-title.ts'
import { MAX_ENTRIES, type TrackedTask } from '../../tasks/tracked-task.ts'
import { usePoller } from '../../tasks/use-task.ts'
import { deferredDialog } from '../../ui/deferred.tsx'
import { PageSkeleton } from '../../ui/page-skeleton.tsx'
import { toast } from '../../ui/toast.ts'
import { runAgain } from '../../uploads/run-again.ts'
import { useListFollower } from './list-follower.ts'
import { listLayout } from './list-layout.ts'
import { ListNotices } from './list-notices.tsx'
import { SandboxLink } from './sandbox-link.tsx'
import { saveLedger, saveList } from './save-list.ts'
import { TaskListScreen } from './task-list-screen.tsx'
import { useAddDialog } from './use-add-dialog.ts'
import { useRemoval } from './use-removal.ts'
import { ViewsMenu } from './views-menu.tsx'

const Share = deferredDialog(
  async () => (await import('../../dialogs/share/share-dialog.tsx')).Share,
)
const ViewsDialog = deferredDialog(
  async () => (await import('../../dialogs/views/views-dialog.tsx')).ViewsDialog,
)
const LabelsDialog = deferredDialog(
  async () => (await import('../../dialogs/labels/labels-dialog.tsx')).LabelsDialog,
)
const AddById = deferredDialog(async () => (await import('./add-dialog.tsx')).AddDialog)
const History = deferredDialog(async () => (await import('./history-dialog.tsx')).HistoryDialog)

const urlOf = (view: ListQuery): string => paths.list(writeListQuery(view).toString())

/** Links are not stored: a task without links in this tab is checked when its turn comes. */
const batchOf =
  (poller: Poller) =>
  (id: TaskId): Batch => ({
    id,
    source: 'own',
    only: null,
    known: () => listingOf(id, poller.recordOf(id)),
    refetch: async () => listingOf(id, await poller.refetch(id)),
    refusalOf: () => null,
  })

/** All tasks stored in this browser for the key. */
export function TaskListPage({ apiKey }: { readonly apiKey: ApiKey }) {
  const { list, state, poller, ...watching } = useWatchList(apiKey)
  const { hash } = useLocation()
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const [shared, setShared] = useState<Seen | null>(null)
  const [labelling, setLabelling] = useState<readonly TaskId[]>([])
  const saved = savedViewsOf(apiKey)
  const views = useStore(saved)
  const [namingViews, setNamingViews] = useState<'one' | 'all' | null>(null)
  const layout = useStore(listLayout)
  const adding = useAddDialog()
  const [finding, setFinding] = useState(false)
  const inUrl = useMemo(() => parseListQuery(params), [params])
  // The router renders a new URL with low priority: until then, letters typed would be lost.
  const [view, setView] = useOptimistic(inUrl)
  const query = writeListQuery(view).toString()
  const entries = useMemo(() => [...state.entries.values()], [state.entries])
  const ledger = useMemo(() => ledgerOf(entries, state.spent), [entries, state.spent])
  const linked = useMemo(() => readListHash(hash), [hash])
  const zip = useZipJob(`list ${poller.keyHash}`)

  const onView = useCallback(
    (next: ListQuery) =>
      startTransition(() => {
        setView(next)
        navigate(urlOf(next), { replace: true })
      }),
    [navigate, setView],
  )
  const open = (id: TaskId) => navigate(paths.task(id))
  const add = async ({ ids, entries: known }: Pasted) => {
    const stored = new Set(known.map(({ id }) => id))
    const added = (await list.add(known)) + (await list.addIds(ids.filter((id) => !stored.has(id))))
    toast({ text: added === 0 ? 'Already in your list' : `${plural(added, 'task')} added` })
  }
  const find = () => {
    adding.close()
    setFinding(true)
  }
  const remove = useRemoval(list)
  const check = (ids: readonly TaskId[]) => {
    const noChecks = noChecksText(watching.polling.quota, now()).value
    for (const id of ids) poller.checkNow(id)
    toast({ text: noChecks ?? `Checking ${plural(ids.length, 'task')}` })
  }
  const save = (ids: readonly TaskId[]) => {
    if (zip.state.kind === 'running') toast({ text: 'Wait for the current download, or cancel it' })
    else void zip.job.save(ids.map(batchOf(poller)), zipName(ids, state.entries))
  }
  const labelled = labelling.flatMap((id) => state.entries.get(id) ?? [])
  const share = (ids: readonly TaskId[]) => {
    const tasks = ids.map((id) => {
      // Records of this visit have links to files; stored ones have none.
      const record = poller.recordOf(id)
      const entry = state.entries.get(id)
      return { ...entry, id, record: record === EMPTY_RECORD ? (entry?.record ?? record) : record }
    })
    setShared({ origin: location.origin, tasks, at: now() })
  }
  const again = (ids: readonly TaskId[]) => {
    const tasks = ids.flatMap((id) => {
      const entry = state.entries.get(id)
      const settings = entry === undefined ? null : taskSettings(entry)
      if (entry === undefined || settings === null) return []
      return [{ taskId: id, names: imageNames(entry), count: imageCount(entry), settings }]
    })
    navigate(paths.newTask, { state: runAgain(tasks) })
  }

  // Tasks can be added after a release, too, of which an old tab can load no more code.
  useEffect(() => void AddById.load(), [])

  if (!state.loaded) return <PageSkeleton />
  return (
    <TaskListScreen
      entries={entries}
      ledger={ledger}
      view={view}
      onView={onView}
      hrefOf={urlOf}
      views={
        <ViewsMenu
          views={views}
          query={query}
          onOpen={(one) => navigate(paths.list(one.query))}
          onSave={() => setNamingViews('one')}
          onEdit={() => setNamingViews('all')}
        />
      }
      layout={layout}
      onLayout={listLayout.set}
      linked={linked}
      onLinkDone={() => navigate(urlOf(view), { replace: true })}
      {...watching}
      onOpen={open}
      onAddById={adding.open}
      onAdd={(pasted) => void add(pasted)}
      onFind={find}
      onRemove={(ids) => void remove(ids)}
      onCheck={check}
      onSave={save}
      onShare={share}
      onShareAll={() => share(entries.map(({ id }) => id))}
      onLabel={setLabelling}
      onAgain={again}
      onCopy={(id) => void copyId(id)}
      onThumb={list.keepThumb}
      onExportList={() => saveList(entries)}
      onExportCsv={() => saveLedger(ledger)}
      notices={<ListNotices list={list} state={state} />}
      sandbox={<SandboxLink />}
    >
      <SaveAllPanel state={zip.state} onCancel={zip.job.cancel} />
      {adding.text === null ? null : (
        <AddById
          initial={adding.text}
          has={(id) => state.entries.has(id)}
          onOpen={open}
          onAdd={(pasted) => void add(pasted)}
          onFind={find}
          onClose={adding.close}
        />
      )}
      {finding ? (
        <History
          apiKey={apiKey}
          has={(id) => state.entries.has(id)}
          room={MAX_ENTRIES - entries.length}
          onAdd={(found) => void add({ ...NOTHING_PASTED, entries: found })}
          onAddById={() => {
            setFinding(false)
            adding.open()
          }}
          onClose={() => setFinding(false)}
        />
      ) : null}
      {namingViews === null ? null : (
        <ViewsDialog
          views={views}
          added={namingViews === 'one' ? query : null}
          onSave={saved.change}
          onClose={() => setNamingViews(null)}
        />
      )}
      {labelled.length === 0 ? null : (
        <LabelsDialog
          entries={labelled}
          counts={countLabels(entries)}
          onSave={(change) => void list.annotate(labelling, change)}
          onClose={() => setLabelling([])}
        />
      )}
      {shared === null ? null : (
        <Share apiKey={apiKey} seen={shared} onClose={() => setShared(null)} />
      )}
    </TaskListScreen>
  )
}

async function copyId(id: TaskId): Promise<void> {
  toast({ text: (await copyText(id)) ? 'ID copied' : 'The browser didn’t allow copying' })
}

/** Named by the first task, which is enough to tell it from others. */
function zipName(ids: readonly TaskId[], entries: ReadonlyMap<TaskId, TrackedTask>): string {
  const [first] = ids
  const entry = first === undefined ? undefined : entries.get(first)
  const title = entry === undefined ? 'upscayl' : taskTitle(entry)
  return `${cleanPart(ids.length > 1 ? `${title} and ${plural(ids.length - 1, 'other task')}` : title)}.zip`
}

/** Everything the page needs: the stored list, the polling state, and the digest. */
function useWatchList(key: ApiKey) {
  const { poller, state } = usePoller(key)
  const list = listOf(key)
  const follower = useListFollower(key, poller)
  const listState = useStore(list.state)
  const away = useStore(follower.away)
  const schedule = useMemo(() => {
    const all = [...state.plan]
    const checkTimes = all.flatMap(([, next]) => (next.kind === 'ask' ? [next.at] : []))
    return {
      /** Tasks with a check in progress. */
      underWay: new Set<string>(all.flatMap(([id, { kind }]) => (kind === 'waiting' ? [id] : []))),
      /** Time of the next check, epoch milliseconds; null if none is planned. */
      nextAt: checkTimes.length === 0 ? null : Math.min(...checkTimes),
    }
  }, [state.plan])
  const { quota, paused, serverManaged, role } = state
  const { setPaused, setLimit } = poller
  return {
    list,
    state: listState,
    poller,
    polling: { quota, paused, serverManaged, role, setPaused, setLimit },
    ...schedule,
    away,
    onDismissAway: follower.dismiss,
  }
}
