import type { ReactNode } from 'react'
import { parseRecordedResponse } from '../../../core/api/replay.ts'
import { SAMPLES, type SampleName } from '../../../core/api/samples.ts'
import { isTerminal } from '../../../core/api/task.ts'
import { DAY, HOUR, MINUTE } from '../../../core/lib/units.ts'
import { fullQuota } from '../../../core/quota/quota.ts'
import { recordResponse } from '../../../core/record/record-response.ts'
import { EMPTY_RECORD, type TaskRecord } from '../../../core/record/task-record.ts'
import { LabelsDialog } from '../../dialogs/labels/labels-dialog.tsx'
import { ViewsDialog } from '../../dialogs/views/views-dialog.tsx'
import { AddDialog } from '../../pages/task-list/add-dialog.tsx'
import {
  TaskListScreen,
  type TaskListScreenProps,
} from '../../pages/task-list/task-list-screen.tsx'
import { ViewsMenu } from '../../pages/task-list/views-menu.tsx'
import { countLabels, MAX_LABELS } from '../../tasks/annotation.ts'
import { ledgerOf } from '../../tasks/ledger.ts'
import { DEFAULT_QUERY, type ListQuery } from '../../tasks/list-query.ts'
import { MAX_VIEWS, type SavedView } from '../../tasks/saved-views.ts'
import { groupOf } from '../../tasks/task-group.ts'
import { newTrackedTask, type TrackedTask, withRecord } from '../../tasks/tracked-task.ts'
import type { PollingState } from '../../tasks/use-task.ts'
import { choose, press, type } from './play.ts'
import { type GalleryState, nothing, prefixed, type Scene } from './state.ts'
import { sampleId } from './task-scene.tsx'

/** Labels of these tasks. */
const labelsOf = (entries: readonly TrackedTask[], from: number, to: number) => (
  <LabelsDialog
    entries={entries.slice(from, to)}
    counts={countLabels(entries)}
    onSave={nothing}
    onClose={nothing}
  />
)

/** IDs like those of the API, the same in each screenshot. */
const uuid = (n: number) =>
  sampleId(`${(0x1c3f9a20 + n * 7919).toString(16)}-cafe-4bad-8ace-${String(n).padStart(12, '0')}`)

/** A task checked once, `ago` milliseconds before the scene. */
function checkedTask({ at, base }: Scene, sample: SampleName, n: number, ago: number): TrackedTask {
  const then = at - ago
  const response = parseRecordedResponse(SAMPLES[sample].reply(then, base), then)
  const record = recordResponse(EMPTY_RECORD, response, then, then)
  return withRecord(newTrackedTask(uuid(n), at - n * MINUTE), record)
}

const USUAL: readonly (readonly [SampleName, number])[] = [
  ['enhancing', 4_000],
  ['processing', 12_000],
  ['processed', 2 * MINUTE],
  ['expiring', 0],
  ['batch', 20 * MINUTE],
  ['failed', 34 * MINUTE],
  ['no-progress', 50_000],
  ['credits-unconfirmed', HOUR],
  ['hostile-values', 2 * HOUR],
  ['error-404', 3 * HOUR],
  ['expired', DAY],
  ['sparse', 2 * DAY],
  ['many-files', 3 * DAY],
  ['unknown-status', 4 * DAY],
]

/** The record after a check that got no response. */
const failedSince = (record: TaskRecord, at: number): TaskRecord =>
  record.task !== null && isTerminal(record.task)
    ? record
    : { ...record, failure: { error: { kind: 'network' }, at }, failures: 3 }

const usual = (scene: Scene): readonly TrackedTask[] => [
  newTrackedTask(uuid(99), scene.at),
  ...USUAL.map(([sample, ago], n) => checkedTask(scene, sample, n + 1, ago)),
]

const WRITTEN: readonly (readonly [labels: readonly string[], note: string])[] = [
  [[], ''],
  [['Print', 'Client A'], 'For the poster in the entrance hall, together with the night view'],
  [['Print'], ''],
  [[], 'Try with faces restored'],
  [['a label as long as a label may be, yes', 'Client A', 'Print', 'Web', '2026'], ''],
]

const labelled = (scene: Scene): readonly TrackedTask[] =>
  usual(scene).map((entry, n) => {
    const [labels, note] = WRITTEN[n] ?? [[], '']
    return { ...entry, annotation: { labels, note, changedAt: scene.at } }
  })

/** The first with more labels than can be saved. */
const tooMany = (scene: Scene): readonly TrackedTask[] => {
  const labels = Array.from({ length: MAX_LABELS + 1 }, (_, n) => `Client ${n + 1}`)
  return usual(scene).map((entry, n) =>
    n === 0 ? { ...entry, annotation: { labels, note: '', changedAt: scene.at } } : entry,
  )
}

/** Every second task runs the one below it again, the last of them a task that was removed. */
const again = (scene: Scene): readonly TrackedTask[] =>
  labelled(scene).map((entry, n, all) => ({
    ...entry,
    earlier: n % 2 === 0 ? null : (all[n + 1]?.id ?? uuid(98)),
  }))

const many = (scene: Scene): readonly TrackedTask[] =>
  Array.from({ length: 2000 }, (_, n) => {
    const [sample] = USUAL[n % USUAL.length] ?? ['processed']
    return checkedTask(scene, sample, n, n * MINUTE)
  })

/** A leader tab that has sent requests at these times (epoch ms). */
export const pollingWith = (sent: readonly number[], paused = false): PollingState => ({
  quota: { ...fullQuota(), sent },
  paused,
  serverManaged: false,
  role: 'leader',
  setPaused: nothing,
  setLimit: nothing,
})

const viewsMenu = (views: readonly SavedView[], query = '') => (
  <ViewsMenu views={views} query={query} onOpen={nothing} onSave={nothing} onEdit={nothing} />
)

const VIEWS: readonly SavedView[] = [
  { name: 'For the poster', query: 'label=Print&label=Client+A' },
  { name: 'To be fetched today', query: 'status=done&within=24h&sort=expires' },
  { name: 'A view with a name as long as the name of a view may be…', query: 'search=harbour' },
]

const MANY_VIEWS: readonly SavedView[] = Array.from({ length: MAX_VIEWS }, (_, n) => ({
  name: `View ${n}`,
  query: `search=${n}`,
}))

const viewsDialog = (added: string | null, views = VIEWS) => (
  <ViewsDialog views={views} added={added} onSave={nothing} onClose={nothing} />
)

/** The list with these entries and options. */
export function drawList(
  { at }: Scene,
  entries: readonly TrackedTask[],
  rest: Partial<TaskListScreenProps> = {},
): ReactNode {
  return (
    <TaskListScreen
      entries={entries}
      ledger={ledgerOf(entries)}
      view={DEFAULT_QUERY}
      onView={nothing}
      hrefOf={() => '/gallery'}
      views={viewsMenu([])}
      layout="table"
      onLayout={nothing}
      linked={null}
      onLinkDone={nothing}
      polling={pollingWith([at - HOUR / 2, at - MINUTE])}
      underWay={new Set()}
      nextAt={null}
      away={null}
      onDismissAway={nothing}
      onOpen={nothing}
      onAddById={nothing}
      onFind={nothing}
      onAdd={nothing}
      onRemove={nothing}
      onCheck={nothing}
      onSave={nothing}
      onShare={nothing}
      onShareAll={nothing}
      onLabel={nothing}
      onAgain={nothing}
      onCopy={nothing}
      onThumb={nothing}
      onExportList={nothing}
      onExportCsv={nothing}
      notices={null}
      sandbox={null}
      {...rest}
    >
      {rest.children ?? null}
    </TaskListScreen>
  )
}

const list = (
  description: string,
  entries: (scene: Scene) => readonly TrackedTask[],
  rest: (
    scene: Scene,
    entries: readonly TrackedTask[],
  ) => Partial<TaskListScreenProps> = () => ({}),
): GalleryState => ({
  description,
  keyGiven: true,
  width: 'wide',
  page: (scene) => {
    const all = entries(scene)
    return drawList(scene, all, rest(scene, all))
  },
})

const view = (change: Partial<ListQuery>) => () => ({ view: { ...DEFAULT_QUERY, ...change } })

/** The list of all tasks. */
/** The dialog without any input. */
const ADDING = list('Add by ID', usual, () => ({
  children: (
    <AddDialog
      initial=""
      has={() => false}
      onOpen={nothing}
      onAdd={nothing}
      onFind={nothing}
      onClose={nothing}
    />
  ),
}))

export const LIST_STATES = prefixed('list', {
  usual: list('Tasks in every state', usual),
  one: list('A single running task', (scene) => [checkedTask(scene, 'enhancing', 1, 4_000)]),
  many: list('Two thousand tasks', many),
  filtered: list('Done, most credits first', usual, view({ groups: ['done'], sort: 'credits' })),
  nothing: list('No search results', usual, view({ search: 'no such name' })),
  images: list('The list as images', usual, () => ({ layout: 'grid' })),
  'images-many': list('Two thousand images', many, () => ({ layout: 'grid' })),
  'images-selected': {
    ...list('Two images selected', usual, () => ({ layout: 'grid' })),
    play: async () => {
      await choose(1)
      await choose(3)
    },
  },
  labelled: list('Labels and notes', labelled),
  again: list('Tasks that were run again', again),
  'labelled-filter': {
    ...list('Filter by label', labelled, view({ labels: ['Print'] })),
    play: () => press(/^Label: Print/),
  },
  labels: list('Labels and note of a task', labelled, (_, entries) => ({
    children: labelsOf(entries, 1, 2),
  })),
  'labels-too-many': list('More labels than a task can have', tooMany, (_, entries) => ({
    children: labelsOf(entries, 0, 1),
  })),
  'labels-several': list('Labels of several tasks', labelled, (_, entries) => ({
    children: labelsOf(entries, 1, 4),
  })),
  views: {
    ...list('Saved views', usual, () => ({ views: viewsMenu(VIEWS, 'search=harbour') })),
    play: () => press(/^Views/),
  },
  'view-saved': list('Save a view', usual, () => ({
    children: viewsDialog('status=done&model=nature-boost-4x&sort=credits'),
  })),
  'view-too-many': list('No view can be added', usual, () => ({
    children: viewsDialog('status=done', MANY_VIEWS),
  })),
  'views-edited': list('Rename and remove views', usual, () => ({ children: viewsDialog(null) })),
  menu: { ...list('Menu of a task', usual), play: () => press(/^Actions for harbour/) },
  blind: list('Server unreachable', (scene) =>
    usual(scene).map((entry) => ({ ...entry, record: failedSince(entry.record, scene.at) })),
  ),
  asking: list('Checks are in progress', usual, (_, entries) => ({
    underWay: new Set(entries.slice(0, 3).map(({ id }) => id)),
  })),
  chosen: {
    ...list('Two tasks selected', usual),
    play: async () => {
      await choose(1)
      await choose(3)
    },
  },
  back: list('Back after a night', usual, ({ at }, entries) => ({
    nextAt: at + 20 * MINUTE,
    away: {
      since: at - 12 * HOUR,
      back: true,
      before: new Map(
        entries.map((entry) => [entry.id, groupOf(entry) === 'new' ? 'new' : 'running']),
      ),
    },
  })),
  linked: list('Link to a list', usual, () => ({
    linked: Array.from({ length: 9 }, (_, n) => uuid(n + 10)),
  })),
  'linked-known': list('Link to tasks already in the list', usual, (_, entries) => ({
    linked: entries.slice(0, 3).map(({ id }) => id),
  })),
  pasted: list('Add by ID: pasted IDs and other lines', usual, (_, entries) => ({
    children: (
      <AddDialog
        initial={`${uuid(50)}\nnot an ID of anything\n${uuid(51)}, ${uuid(1)}\n${uuid(50)}\nnor this one`}
        has={(id) => entries.some((entry) => entry.id === id)}
        onOpen={nothing}
        onAdd={nothing}
        onFind={nothing}
        onClose={nothing}
      />
    ),
  })),
  'add-refused': {
    ...ADDING,
    description: 'Add by ID: invalid ID',
    play: async () => {
      await type('not an ID!')
      await press(/^Add$/)
    },
  },
  adding: ADDING,
})
