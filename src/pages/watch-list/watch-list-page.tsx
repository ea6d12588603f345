import { Coins, ImagePlus, Share2 } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router'
import { Button, buttonClass } from '../../components/button.tsx'
import { deferred } from '../../components/deferred.tsx'
import { now } from '../../lib/clock.ts'
import { plural } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import { UNASKED } from '../../polling/task-record.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { SaveAllPanel } from '../../task-view/save-all-panel.tsx'
import type { TaskId } from '../../upscayl/task-id.ts'
import type { Entry } from '../../watchlist/entry.ts'
import { readListHash } from '../../watchlist/list-link.ts'
import type { Pasted } from '../../watchlist/read-paste.ts'
import { readView, type View, writeView } from '../../watchlist/view.ts'
import type { Seen } from '../share/make-snapshot-link.ts'
import { Said } from './bulk-bar.tsx'
import { ListNotices } from './list-notices.tsx'
import { useNotifications } from './notify.ts'
import { NotifyButton } from './notify-button.tsx'
import { SandboxPanel } from './sandbox-panel.tsx'
import { useSaveTasks } from './use-save-tasks.ts'
import { useWatchList } from './use-watch-list.ts'
import { WatchListScreen } from './watch-list-screen.tsx'

const Share = deferred(async () => (await import('../share/share.tsx')).Share)

/** What was just done with the list. */
type Done = { readonly words: string; readonly undo: (() => void) | null }

const addressOf = (view: View): string => {
  const query = writeView(view).toString()
  return query === '' ? paths.home : `${paths.home}?${query}`
}

/** All tasks that this browser watches with the key. */
export function WatchListPage({ apiKey }: { readonly apiKey: ApiKey }) {
  const watching = useWatchList(apiKey)
  const { list, state, asker } = watching
  const { hash } = useLocation()
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const [done, setDone] = useState<Done | null>(null)
  const [shared, setShared] = useState<Seen | null>(null)
  const view = useMemo(() => readView(params), [params])
  const entries = useMemo(() => [...state.entries.values()], [state.entries])
  const linked = useMemo(() => readListHash(hash), [hash])
  const saving = useSaveTasks(asker)
  const notifications = useNotifications()

  const onView = useCallback(
    (next: View) => navigate(addressOf(next), { replace: true }),
    [navigate],
  )
  const open = (id: TaskId) => navigate(paths.task(id))
  const add = async ({ ids, entries: known }: Pasted) => {
    const remembered = new Set(known.map(({ id }) => id))
    const added =
      (await list.add(known)) + (await list.addIds(ids.filter((id) => !remembered.has(id))))
    setDone({ words: `${plural(added, 'task')} added.`, undo: null })
  }
  const remove = async (ids: readonly TaskId[]) => {
    const removed: readonly Entry[] = await list.remove(ids)
    const undo = () => {
      void list.add(removed)
      setDone(null)
    }
    setDone({ words: `${plural(removed.length, 'task')} removed.`, undo })
  }
  const check = (ids: readonly TaskId[]) => {
    for (const id of ids) asker.askNow(id)
    setDone({ words: `${plural(ids.length, 'task')} asked about.`, undo: null })
  }
  const save = (ids: readonly TaskId[]) => {
    if (saving.state.kind === 'running') {
      setDone({ words: 'Files are being fetched already. Wait, or cancel that first.', undo: null })
    } else saving.save(ids)
  }
  const share = (ids: readonly TaskId[]) => {
    const tasks = ids.map((id) => {
      // What was asked in this visit has links to files; what is remembered has none.
      const record = asker.recordOf(id)
      return { id, record: record === UNASKED ? (state.entries.get(id)?.record ?? record) : record }
    })
    setShared({ origin: location.origin, tasks, at: now() })
  }

  if (!state.loaded) return null
  return (
    <WatchListScreen
      entries={entries}
      view={view}
      onView={onView}
      hrefOf={addressOf}
      linked={linked}
      onLinkDone={() => navigate(addressOf(view), { replace: true })}
      asking={watching.asking}
      underWay={watching.underWay}
      nextAt={watching.nextAt}
      away={watching.away}
      onDismissAway={watching.dismissAway}
      onOpen={open}
      onAdd={(pasted) => void add(pasted)}
      onRemove={(ids) => void remove(ids)}
      onCheck={check}
      onSave={save}
      onShare={share}
      notices={<ListNotices list={list} state={state} />}
      start={
        <Link to={paths.newTask} className={buttonClass()}>
          <ImagePlus aria-hidden size={15} />
          New task
        </Link>
      }
      tools={
        <>
          <NotifyButton notifications={notifications} />
          <Button
            look="quiet"
            icon={<Share2 aria-hidden size={15} />}
            disabled={entries.length === 0}
            onClick={() => share(entries.map(({ id }) => id))}
          >
            Share list
          </Button>
          <Link to={paths.credits} className={buttonClass('quiet')}>
            <Coins aria-hidden size={15} />
            Credits and export
          </Link>
        </>
      }
      said={
        done === null ? null : (
          <Said
            words={done.words}
            action={done.undo === null ? null : { label: 'Undo', run: done.undo }}
            onDismiss={() => setDone(null)}
          />
        )
      }
    >
      <SaveAllPanel state={saving.state} onCancel={saving.cancel} />
      <SandboxPanel />
      {shared === null ? null : (
        <Share apiKey={apiKey} seen={shared} onClose={() => setShared(null)} />
      )}
    </WatchListScreen>
  )
}
