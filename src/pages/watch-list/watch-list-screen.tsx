import { type ReactNode, useCallback, useMemo } from 'react'
import { useReading } from '../../lib/clock.ts'
import { DAY } from '../../lib/units.ts'
import { standing } from '../../polling/budget.ts'
import type { Asking } from '../../polling/use-task-status.ts'
import { isTerminal } from '../../upscayl/task.ts'
import type { TaskId } from '../../upscayl/task-id.ts'
import { expiringSoon, type Facets, facets, shownBy } from '../../watchlist/apply-view.ts'
import { creditsToday } from '../../watchlist/credit-days.ts'
import type { Entry } from '../../watchlist/entry.ts'
import type { Pasted } from '../../watchlist/read-paste.ts'
import { type Group, mayRun } from '../../watchlist/row.ts'
import { isDescendingFirst, type Sort, type View } from '../../watchlist/view.ts'
import { Spent } from '../credits/spent.tsx'
import { AddTasks } from './add-tasks.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { Digested } from './digested.tsx'
import { groupTitle, useFavicon } from './group-signal.ts'
import type { Away } from './keeper.ts'
import { Strip, type StripFilter } from './strip.tsx'
import { TaskTable } from './task-table.tsx'
import { Toolbar } from './toolbar.tsx'
import { useSelection } from './use-selection.ts'

export interface WatchListScreenProps {
  readonly entries: readonly Entry[]
  readonly view: View
  readonly onView: (view: View) => void
  /** The address of the list in that view. */
  readonly hrefOf: (view: View) => string
  readonly linked: readonly TaskId[] | null
  readonly onLinkDone: () => void
  readonly asking: Asking
  readonly underWay: ReadonlySet<string>
  readonly nextAt: number | null
  readonly away: Away | null
  readonly onDismissAway: () => void
  readonly onOpen: (id: TaskId) => void
  readonly onAdd: (pasted: Pasted) => void
  readonly onRemove: (ids: readonly TaskId[]) => void
  readonly onCheck: (ids: readonly TaskId[]) => void
  readonly onSave: (ids: readonly TaskId[]) => void
  readonly onShare: (ids: readonly TaskId[]) => void
  /** What went wrong with the memory. */
  readonly notices: ReactNode
  /** The way to a new task. */
  readonly start: ReactNode
  /** What can be done with the whole list. */
  readonly tools: ReactNode
  /** What was just done. */
  readonly said: ReactNode
  /** What stands below the list. */
  readonly children: ReactNode
}

/** The list, by props alone. */
export function WatchListScreen(props: WatchListScreenProps) {
  const { entries, linked, away, notices, children } = props
  const filled = entries.length > 0
  const has = useMemo(() => {
    const ids = new Set(entries.map(({ id }) => id))
    return (id: TaskId) => ids.has(id)
  }, [entries])
  const counts = useMemo(() => facets(entries), [entries])
  return (
    <>
      {/* By the room in rem, so that large text gets one column. */}
      <div className="@container">
        <div
          className={
            filled
              ? 'items-start gap-5 @5xl:grid @5xl:grid-cols-[minmax(0,1fr)_26rem]'
              : 'max-w-3xl'
          }
        >
          <div className="min-w-0">
            <div className="mt-2 flex flex-wrap items-center justify-between gap-2">
              <h1 className="text-xl font-semibold tracking-tight">
                {filled ? 'Tasks' : 'Watch a task'}
              </h1>
              {props.start}
            </div>
            {filled ? null : (
              <p className="mt-1 text-muted">
                Status, credits and files of an Upscayl Cloud task, until its end. This browser
                remembers what you watch.
              </p>
            )}
            <AddTasks
              has={has}
              linked={linked}
              onOpen={props.onOpen}
              onAdd={props.onAdd}
              onLinkDone={props.onLinkDone}
            />
            {notices}
            {away?.back === true ? (
              <Digested
                entries={entries}
                away={away}
                nextAt={props.nextAt}
                hrefOf={props.hrefOf}
                onDismiss={props.onDismissAway}
              />
            ) : null}
            {filled ? <Summary {...props} groups={counts.groups} /> : null}
          </div>
          {/* On a phone it would stand between a person and the list; the page of credits has it too. */}
          {filled ? (
            <div className="@max-5xl:hidden">
              <Spent entries={entries} />
            </div>
          ) : null}
        </div>
      </div>
      {filled ? <Filled {...props} {...counts} /> : <title>Loupe</title>}
      {children}
    </>
  )
}

function Filled(props: WatchListScreenProps & Facets) {
  const { entries, view, onView, asking, underWay, away, groups, models } = props
  const shown = useReading(
    useCallback((now: number) => shownBy(entries, view, now), [entries, view]),
  )
  const selection = useSelection(shown)
  const chosen = [...selection.ids]
  const savable = shown.filter(({ id, record: { task } }) => {
    return selection.ids.has(id) && task !== null && task.files.length > 0
  })
  const sortBy = (sort: Sort) =>
    onView({
      ...view,
      sort,
      descending: view.sort === sort ? !view.descending : isDescendingFirst(sort),
    })
  const left = useReading(
    useCallback(
      (now: number) => {
        const { left, nextAt, blockedUntil } = standing(asking.allowance, now)
        return { value: left, changesAt: blockedUntil ?? nextAt }
      },
      [asking.allowance],
    ),
  )
  return (
    <section aria-label="List" className="mt-5">
      <Signal entries={entries} away={away} />
      <Toolbar
        view={view}
        onView={(change) => onView({ ...view, ...change })}
        groups={groups}
        models={models}
        shown={shown.length}
        total={entries.length}
      >
        {props.tools}
      </Toolbar>
      <div className="mt-3">
        {shown.length === 0 ? (
          <p className="rounded-xl border border-line border-dashed px-5 py-10 text-center text-sm text-muted">
            No task of the list is like that.
          </p>
        ) : (
          <TaskTable
            entries={shown}
            view={view}
            selection={selection}
            asking={underWay}
            onSort={sortBy}
            onOpen={props.onOpen}
            onRemove={props.onRemove}
          />
        )}
      </div>
      {selection.some ? (
        <BulkBar
          count={chosen.length}
          left={left}
          savable={savable.length}
          onCheck={() => props.onCheck(chosen.slice(0, left ?? chosen.length))}
          onSave={() => props.onSave(savable.map(({ id }) => id))}
          onShare={() => props.onShare(chosen)}
          onRemove={() => props.onRemove(chosen)}
          onClear={selection.clear}
        />
      ) : (
        props.said
      )}
    </section>
  )
}

const FILTERS: Readonly<Record<StripFilter, Partial<View>>> = {
  running: { groups: ['new', 'running'] },
  done: { groups: ['done'] },
  failed: { groups: ['failed', 'refused'] },
  expiring: { within: '24h' },
}
const UNFILTERED = { groups: [], within: null } as const satisfies Partial<View>

const isChosen = (view: View, filter: StripFilter): boolean => {
  const wanted = { ...UNFILTERED, ...FILTERS[filter] }
  return wanted.within === view.within && wanted.groups?.join() === view.groups.join()
}

interface SummaryProps
  extends Pick<WatchListScreenProps, 'entries' | 'view' | 'hrefOf' | 'asking'>,
    Pick<Facets, 'groups'> {}

function Summary({ entries, view, hrefOf, asking, groups }: SummaryProps) {
  const of = (...names: readonly Group[]) =>
    names.reduce((sum, name) => sum + (groups.get(name) ?? 0), 0)
  const expiring = useReading(
    useCallback(
      (now: number) => {
        const { value, changesAt } = expiringSoon(entries, now, DAY)
        return { value: value.length, changesAt }
      },
      [entries],
    ),
  )
  const { total, unknown } = useReading(
    useCallback((now: number) => creditsToday(entries, now), [entries]),
  )
  return (
    <div className="mt-4">
      <Strip
        counts={{
          running: of('running', 'new'),
          done: of('done'),
          failed: of('failed', 'refused'),
          expiring,
        }}
        creditsToday={{ amount: total, unknown }}
        asking={asking}
        chosen={(Object.keys(FILTERS) as StripFilter[]).find((one) => isChosen(view, one)) ?? null}
        hrefOf={(filter) =>
          hrefOf({ ...view, ...UNFILTERED, ...(filter === null ? {} : FILTERS[filter]) })
        }
      />
    </div>
  )
}

/** The tab's title and icon: how far all that run are, and what ended since somebody looked. */
function Signal({ entries, away }: Pick<WatchListScreenProps, 'entries' | 'away'>) {
  const running = entries.flatMap(({ record: { task } }) =>
    task !== null && !isTerminal(task) ? [task] : [],
  )
  const known = running.flatMap(({ progress }) => progress ?? [])
  const percent =
    known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length
  const ended = (kind: 'processed' | 'failed') =>
    away === null
      ? 0
      : entries.filter(({ id, record: { task } }) => {
          const was = away.before.get(id)
          return task?.kind === kind && was !== undefined && mayRun(was)
        }).length
  const [done, failed] = [ended('processed'), ended('failed')]
  useFavicon(
    percent,
    failed > 0 ? 'failed' : running.length > 0 ? 'running' : done > 0 ? 'done' : 'idle',
  )
  return <title>{groupTitle({ running: running.length, percent, done, failed })}</title>
}
