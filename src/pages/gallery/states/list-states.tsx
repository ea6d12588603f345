import type { ReactNode } from 'react'
import { DAY, HOUR, MINUTE } from '../../../lib/units.ts'
import { fullAllowance, take } from '../../../polling/budget.ts'
import { recordAnswer, UNASKED } from '../../../polling/task-record.ts'
import { readReply } from '../../../upscayl/read-reply.ts'
import { SAMPLES, type SampleName } from '../../../upscayl/samples.ts'
import { asTaskId, type TaskId } from '../../../upscayl/task-id.ts'
import { type Entry, newEntry, withRecord } from '../../../watchlist/entry.ts'
import { groupOf } from '../../../watchlist/row.ts'
import { DEFAULT_VIEW, type View } from '../../../watchlist/view.ts'
import { Said } from '../../watch-list/bulk-bar.tsx'
import { WatchListScreen, type WatchListScreenProps } from '../../watch-list/watch-list-screen.tsx'
import { choose, offered, press, type } from './play.ts'
import { type GalleryState, prefixed, type Scene } from './state.ts'

const nothing = () => {}

const taskId = (text: string): TaskId => {
  const id = asTaskId(text)
  if (id === null) throw new Error(`${text} is no task id`)
  return id
}

/** Ids as the API gives them, the same in each picture. */
const uuid = (n: number) =>
  taskId(`${(0x1c3f9a20 + n * 7919).toString(16)}-cafe-4bad-8ace-${String(n).padStart(12, '0')}`)

/** A task that was asked once, `ago` milliseconds before the scene. */
function asked({ at, base }: Scene, sample: SampleName, n: number, ago: number): Entry {
  const then = at - ago
  const record = recordAnswer(
    UNASKED,
    readReply(SAMPLES[sample].reply(then, base), then),
    then,
    then,
  )
  return withRecord(newEntry(uuid(n), at - n * MINUTE), record)
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

const usual = (scene: Scene): readonly Entry[] => [
  newEntry(uuid(99), scene.at),
  ...USUAL.map(([sample, ago], n) => asked(scene, sample, n + 1, ago)),
]

const many = (scene: Scene): readonly Entry[] =>
  Array.from({ length: 2000 }, (_, n) => {
    const [sample] = USUAL[n % USUAL.length] ?? ['processed']
    return asked(scene, sample, n, n * MINUTE)
  })

/** The list with these entries and whatever else is said of it. */
export function drawList(
  { at }: Scene,
  entries: readonly Entry[],
  rest: Partial<WatchListScreenProps> = {},
): ReactNode {
  const [allowance] = take(take(fullAllowance(), at - HOUR / 2)[0], at - MINUTE)
  return (
    <WatchListScreen
      entries={entries}
      view={DEFAULT_VIEW}
      onView={nothing}
      hrefOf={() => '/gallery'}
      linked={null}
      onLinkDone={nothing}
      asking={{
        allowance,
        paused: false,
        counted: false,
        role: 'asking',
        setPaused: nothing,
        setLimit: nothing,
      }}
      underWay={new Set()}
      nextAt={null}
      away={null}
      onDismissAway={nothing}
      onOpen={nothing}
      onAdd={nothing}
      onRemove={nothing}
      onCheck={nothing}
      onSave={nothing}
      onShare={nothing}
      notices={null}
      start={null}
      tools={null}
      said={null}
      {...rest}
    >
      {rest.children ?? null}
    </WatchListScreen>
  )
}

const list = (
  says: string,
  entries: (scene: Scene) => readonly Entry[],
  rest: (scene: Scene, entries: readonly Entry[]) => Partial<WatchListScreenProps> = () => ({}),
): GalleryState => ({
  says,
  keyGiven: true,
  width: 'wide',
  page: (scene) => {
    const all = entries(scene)
    return drawList(scene, all, rest(scene, all))
  },
})

const view = (change: Partial<View>) => () => ({ view: { ...DEFAULT_VIEW, ...change } })

/** The list of all tasks. */
export const LIST_STATES = prefixed('list', {
  usual: list('A day’s tasks, in every condition', usual),
  one: list('A single task, at work', (scene) => [asked(scene, 'enhancing', 1, 4_000)]),
  many: list('Two thousand tasks', many),
  filtered: list(
    'What is done, the dearest first',
    usual,
    view({ groups: ['done'], sort: 'credits' }),
  ),
  nothing: list('No task is like what was searched for', usual, view({ search: 'no such name' })),
  asking: list('Questions are under way', usual, (_, entries) => ({
    underWay: new Set(entries.slice(0, 3).map(({ id }) => id)),
  })),
  chosen: {
    ...list('Two tasks are chosen', usual),
    play: async () => {
      await choose(1)
      await choose(3)
    },
  },
  removed: list('Tasks were removed, which can be undone', usual, () => ({
    said: (
      <Said words="3 tasks removed." action={{ label: 'Undo', run: nothing }} onDismiss={nothing} />
    ),
  })),
  back: list('Somebody comes back after a night', usual, ({ at }, entries) => ({
    nextAt: at + 20 * MINUTE,
    away: {
      since: at - 12 * HOUR,
      back: true,
      before: new Map(
        entries.map((entry) => [entry.id, groupOf(entry) === 'new' ? 'new' : 'running']),
      ),
    },
  })),
  linked: list('A link to a list was opened', usual, () => ({
    linked: Array.from({ length: 9 }, (_, n) => uuid(n + 10)),
  })),
  'linked-known': list('A link to a list that is there already', usual, (_, entries) => ({
    linked: entries.slice(0, 3).map(({ id }) => id),
  })),
  pasted: {
    ...list('Ids were pasted, and lines that are none', usual),
    play: async () => {
      await type(`${uuid(50)}\nnot an id of anything\n${uuid(51)}, ${uuid(1)}\nnor this one`)
      await press(/^Watch$/)
      await offered(/^Add 2 tasks$/)
    },
  },
})
