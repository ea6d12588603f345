import type { ReactNode } from 'react'
import type { TaskFile } from '../../../core/api/task.ts'
import { HOUR, MINUTE } from '../../../core/lib/units.ts'
import type { SaveFault, SaveState } from '../../downloads/download-queue.ts'
import type { FileState } from '../../downloads/file-state.ts'
import type { Difference, Verdict } from '../../downloads/verify.ts'
import type { AllState } from '../../downloads/zip-jobs.ts'
import { DownloadLines } from '../../task-view/downloads-elsewhere.tsx'
import { FileCard } from '../../task-view/file-card.tsx'
import { SaveAllPanel } from '../../task-view/save-all-panel.tsx'
import { Button } from '../../ui/button.tsx'
import { Viewer } from '../../viewer/viewer.tsx'
import type { OtherRun } from '../../viewer/viewer-image.ts'
import { followingAt } from '../following.ts'
import {
  chooseFile,
  focusLabelled,
  offered,
  open,
  pictureInLittle,
  press,
  shown,
  type,
} from './play.ts'
import { drawn, each, nothing, prefixed, type Scene } from './state.ts'
import { OTHER_ID, received, TASK_ID, TaskScene, taskState } from './task-scene.tsx'

const one = (scene: Scene) => followingAt([received('processed', scene)], scene.at)
const batch = (scene: Scene) => followingAt([received('batch', scene)], scene.at)

function firstFile(scene: Scene): TaskFile {
  const [file] = batch(scene).record.task?.files ?? []
  if (file === undefined) throw new Error('the sample has files')
  return file
}

const URL = 'https://files.example/1'
const READY: FileState = { kind: 'ready', url: URL, endsAt: 0 }
const IDLE: SaveState = { kind: 'idle' }

interface CardProps {
  readonly scene: Scene
  readonly state?: FileState
  readonly save?: SaveState
  readonly expiresAt?: number | null
  readonly closed?: boolean
  readonly held?: boolean
}

function Card(props: CardProps) {
  const { scene, state = READY, save = IDLE, expiresAt, closed = false, held = false } = props
  const file = firstFile(scene)
  return (
    <FileCard
      file={expiresAt === undefined ? file : { ...file, expiresAt }}
      name="dunes-upscayl-standard-4x.png"
      state={state}
      save={save}
      closed={closed}
      held={held}
      clockSkew={0}
      seen
      source={state.kind === 'withheld' ? 'withheld' : 'own'}
      fresh={<Button>Get a new link</Button>}
      onSave={nothing}
      onCheck={nothing}
      onCancel={nothing}
      onPreview={nothing}
      onBroken={nothing}
    />
  )
}

const Cards = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <>
    <h1 className="mt-2 text-xl font-semibold tracking-tight">{title}</h1>
    <h2 className="sr-only">Files</h2>
    <div className="mt-4 grid grid-cols-[repeat(auto-fill,minmax(min(100%,17rem),1fr))] gap-4">
      {children}
    </div>
  </>
)

/** Link state and displayed expiry, by kind of file state. */
const SITUATIONS: Readonly<
  Record<FileState['kind'], (at: number) => { state: FileState; expiresAt: number | null }>
> = {
  ready: (at) => ({ state: READY, expiresAt: at + 30 * HOUR }),
  expiring: (at) => ({
    state: { kind: 'expiring', url: URL, endsAt: at + 4 * MINUTE },
    expiresAt: at + 4 * MINUTE,
  }),
  'expiry-unknown': () => ({
    state: { kind: 'expiry-unknown', url: URL },
    expiresAt: null,
  }),
  'no-link': (at) => ({ state: { kind: 'no-link' }, expiresAt: at + 30 * HOUR }),
  unfinished: () => ({ state: { kind: 'unfinished' }, expiresAt: null }),
  failed: () => ({ state: { kind: 'failed' }, expiresAt: null }),
  withheld: (at) => ({
    state: { kind: 'withheld', endsAt: at + 30 * HOUR },
    expiresAt: at + 30 * HOUR,
  }),
  expired: (at) => ({ state: { kind: 'expired', early: false }, expiresAt: at - MINUTE }),
  gone: (at) => ({ state: { kind: 'gone' }, expiresAt: at - HOUR }),
}

const CLOSED = {
  closed: drawn('File that only the browser can save', (scene) => (
    <Cards title="closed">
      <Card scene={scene} closed />
    </Cards>
  )),
  held: drawn('Shared file, not loaded yet', (scene) => (
    <Cards title="held">
      <Card scene={scene} held />
    </Cards>
  )),
  early: drawn('Link expired early', (scene) => (
    <Cards title="early">
      <Card scene={scene} state={{ kind: 'expired', early: true }} />
    </Cards>
  )),
}

const PNG = { type: 'png', size: 5_284_210 } as const
const SIZE = { width: 2560, height: 1600 }
const verified: Verdict = { kind: 'verified', ...PNG, pixels: 'as-reported', dimensions: SIZE }
const differs = (...differences: Difference[]): Verdict => ({
  kind: 'differs',
  ...PNG,
  differences,
})
const TRUNCATED: Difference = { kind: 'truncated', actual: 2_100_000, expected: PNG.size }

const SAVES: Readonly<Record<SaveState['kind'], SaveState>> = {
  idle: IDLE,
  fetching: { kind: 'fetching', received: 1_900_000, total: PNG.size },
  checking: { kind: 'checking', savedTo: null },
  checked: {
    kind: 'checked',
    savedTo: { kind: 'folder', folder: 'Upscaled', name: 'dunes-upscayl-standard-4x (2).png' },
    verdict: verified,
  },
  failed: { kind: 'failed', fault: { kind: 'network' }, url: URL },
}
const savedTo = { kind: 'downloads', name: 'dunes-upscayl-standard-4x.png' } as const
const SENT: SaveState = { kind: 'checked', savedTo, verdict: verified }
const SENT_CHECKING: SaveState = { kind: 'checking', savedTo }

const ERRORS: Readonly<Record<SaveFault['kind'], SaveFault>> = {
  ended: { kind: 'ended', status: 403 },
  status: { kind: 'status', status: 503 },
  closed: { kind: 'closed' },
  network: { kind: 'network' },
  'cut-off': { kind: 'cut-off', received: 2_100_000 },
  refused: { kind: 'refused' },
  cancelled: { kind: 'cancelled' },
  empty: { kind: 'empty' },
  'no-image': { kind: 'no-image' },
  incomplete: { kind: 'incomplete', received: 2_100_000 },
  'no-link': { kind: 'no-link' },
  'no-files': { kind: 'no-files' },
  disk: { kind: 'disk', reason: 'The disk is full' },
}

const VERDICTS: readonly Verdict[] = [
  verified,
  { ...verified, pixels: 'times-scale' },
  { ...verified, pixels: 'not-reported' },
  differs(TRUNCATED),
  differs({ kind: 'single-colour', colour: '#000000' }),
  differs(
    { kind: 'type', actual: 'webp', expected: ['png'] },
    { kind: 'size', actual: 82_000, expected: PNG.size },
  ),
  { kind: 'unreadable', ...PNG, why: 'broken' },
  { kind: 'unreadable', ...PNG, why: 'too-large' },
]

const FAILURES = [
  { name: 'lake-upscayl-standard-4x.png', fault: { kind: 'ended', status: 403 } },
  { name: 'harbour-upscayl-standard-4x.png', fault: { kind: 'network' } },
] as const
const TALLY = { count: 40, done: 12, bytes: 63_400_000, failures: [] }

const ALL: Readonly<Record<AllState['kind'], AllState>> = {
  idle: { kind: 'idle' },
  running: { kind: 'running', ...TALLY },
  done: { kind: 'done', name: 'pictures.zip', ...TALLY, done: 38, failures: FAILURES },
  cancelled: { kind: 'cancelled' },
  failed: { kind: 'failed', reason: 'No file could be downloaded.', failures: FAILURES },
}

/** One file: its link, its download, its verification. */
export const FILE_STATES = prefixed('file', {
  ...each(SITUATIONS, (situation, kind) =>
    drawn(`File: ${kind}`, (scene) => (
      <Cards title={kind}>
        <Card scene={scene} {...situation(scene.at)} />
      </Cards>
    )),
  ),
  ...CLOSED,
  saves: drawn('Every state of a download', (scene) => (
    <Cards title="Saving">
      {Object.entries({ ...SAVES, sent: SENT, sentChecking: SENT_CHECKING }).map(([kind, save]) => (
        <Card key={kind} scene={scene} save={save} />
      ))}
    </Cards>
  )),
  faults: drawn('Every download error', (scene) => (
    <Cards title="Errors">
      {Object.entries(ERRORS).map(([kind, fault]) => (
        <Card key={kind} scene={scene} save={{ kind: 'failed', fault, url: URL }} />
      ))}
    </Cards>
  )),
  verdicts: drawn('Every result of verification', (scene) => (
    <Cards title="Verify">
      {VERDICTS.map((verdict) => (
        <Card
          key={JSON.stringify(verdict)}
          scene={scene}
          save={{ kind: 'checked', savedTo: null, verdict }}
        />
      ))}
    </Cards>
  )),
})

/** All files of a task. */
export const ALL_FILES_STATES = prefixed('all', {
  ...each(ALL, (state, kind) =>
    drawn(`Download all: ${kind}`, () => (
      <>
        <h1 className="mt-2 text-xl font-semibold tracking-tight">{kind}</h1>
        <SaveAllPanel state={state} onCancel={nothing} />
      </>
    )),
  ),
  elsewhere: drawn('Downloads of other pages', () => (
    <>
      <DownloadLines
        downloads={[
          { address: `/tasks/${TASK_ID}`, running: 3, failed: 1 },
          { address: '/', running: 0, failed: 2 },
        ]}
      />
      <h1 className="mt-2 text-xl font-semibold tracking-tight">elsewhere</h1>
    </>
  )),
})

async function openNames(): Promise<void> {
  await press(/^More ways to download$/)
  await open(/^File names…$/)
}

/** The page of a task that was run again with other settings, twice. */
function withRuns(scene: Scene): ReactNode {
  const { downloadUrl, thumbnailUrl } = firstFile(scene)
  const run = { taskId: OTHER_ID, title: null, renew: async () => false }
  const runs: readonly OtherRun[] = [
    {
      ...run,
      id: '1',
      when: 'Earlier run',
      settings: 'Upscayl Standard 2×',
      thumbnailUrl,
      url: downloadUrl,
    },
    {
      ...run,
      id: '2',
      when: 'Later run',
      settings: 'Digital Art Plus 8×',
      thumbnailUrl,
      url: null,
    },
  ]
  return (
    <TaskScene following={one(scene)} renderViewer={(props) => <Viewer {...props} runs={runs} />} />
  )
}

/** Dialogs of the file grid. */
export const FILE_DIALOG_STATES = prefixed('files', {
  names: taskState('File names', batch, openNames),
  'names-refused': taskState('Invalid file name template', batch, async () => {
    await openNames()
    await type('{original}-{size}')
  }),
  viewer: taskState('Full image', batch, async () => {
    await press(/^Preview dunes/)
    await shown()
  }),
  compare: taskState('Compared with the original', one, async () => {
    const original = await pictureInLittle()
    await press(/^Preview dunes/)
    await press(/^Compare$/)
    await chooseFile(/^Choose the original/, original)
    await focusLabelled(/^Divider/)
  }),
  runs: drawn('Results to compare with', withRuns, async () => {
    await press(/^Preview dunes/)
    await press(/^Compare$/)
    await offered(/^Earlier run/)
  }),
  'runs-compared': drawn('Compared with an earlier result', withRuns, async () => {
    await press(/^Preview dunes/)
    await press(/^Compare$/)
    await press(/^Earlier run/)
    await focusLabelled(/^Divider/)
  }),
})
