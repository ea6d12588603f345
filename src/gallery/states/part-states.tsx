import type { ReactNode } from 'react'
import type { TaskId } from '../../../core/api/task-id.ts'
import { HOUR, MINUTE, SECOND } from '../../../core/lib/units.ts'
import { QuotaDialog } from '../../dialogs/quota/quota-dialog.tsx'
import { RecordingDialog } from '../../dialogs/recording/recorder.tsx'
import type { Urgency } from '../../lib/countdown.ts'
import { RelatedFacts } from '../../pages/task/related-tasks.tsx'
import type { Role } from '../../tasks/leader-election.ts'
import { newTrackedTask, withRecord } from '../../tasks/tracked-task.ts'
import type { FollowedTask } from '../../tasks/use-task.ts'
import { NewVersion } from '../../ui/new-version.tsx'
import { followingAt } from '../following.ts'
import { copy, focusTime, openByKey, press, shown, type } from './play.ts'
import { drawn, each, nothing, prefixed, type Scene } from './state.ts'
import {
  OTHER_ID,
  received,
  refused,
  sampleId,
  TASK_ID,
  TaskScene,
  taskState,
} from './task-scene.tsx'

const enhancing = (scene: Scene) => followingAt([received('enhancing', scene)], scene.at)

const ROLES: Readonly<Record<Role, string>> = {
  leader: 'Status checks: this tab makes them for all tabs',
  follower: 'Status checks: another tab makes them',
  solo: 'Status checks: each tab makes its own',
}

/** The dialog of the checks left, over a running task. */
const quotaState = (
  description: string,
  differs: Partial<FollowedTask> = {},
  play: () => Promise<void> = shown,
) =>
  drawn(
    description,
    (scene) => {
      const following = { ...enhancing(scene), ...differs }
      return (
        <>
          <TaskScene following={following} />
          <QuotaDialog polling={following} onClose={nothing} />
        </>
      )
    },
    play,
  )

interface RecordingSceneProps {
  readonly scene: Scene
  /** This tab has sent requests; otherwise it is a follower. */
  readonly checked: boolean
}

function RecordingScene({ scene, checked }: RecordingSceneProps) {
  const { requestedAt: askedAt, receivedAt: answeredAt } = received('enhancing', scene)
  const silence = { kind: 'silence', askedAt, answeredAt, why: 'network' } as const
  return (
    <>
      <TaskScene following={enhancing(scene)} />
      <RecordingDialog
        responses={checked ? [{ ...silence, askedAt: askedAt - 12 * MINUTE }, silence] : []}
        onSave={nothing}
        onClose={nothing}
      />
    </>
  )
}

/** Dialogs over the page. */
export const DIALOG_STATES = prefixed('dialog', {
  shortcuts: taskState('Keyboard shortcuts', enhancing, () => openByKey('?')),
  'key-menu': taskState('Key menu', enhancing, () => press(/^API key/)),
  ...prefixed(
    'quota',
    each(ROLES, (description, role) => quotaState(description, { role })),
  ),
  recording: drawn(
    'Content of a recording',
    (scene) => <RecordingScene scene={scene} checked />,
    shown,
  ),
  'recording-empty': drawn(
    'Nothing recorded yet',
    (scene) => <RecordingScene scene={scene} checked={false} />,
    shown,
  ),
  'quota-paused': quotaState('Status checks: paused', { paused: true }),
  'quota-counted': quotaState('Status checks: counted by the server', { serverManaged: true }),
  'quota-refused': quotaState('Status checks: an invalid limit', {}, async () => {
    await shown()
    await type('a hundred')
    await press(/^Save$/)
  }),
})

const NEARNESS: Readonly<Record<Urgency, number>> = {
  calm: 30 * HOUR,
  soon: 42 * MINUTE,
  urgent: 4 * MINUTE + 7 * SECOND,
  over: -10 * SECOND,
}

/** A file close to its expiry. */
export const EXPIRY_STATES = prefixed(
  'expiry',
  each(NEARNESS, (left, urgency) =>
    taskState(`Time until a file expires: ${urgency}`, (scene) => {
      const { response, ...times } = received('processed', scene)
      const { result } = response
      if (!result.ok) throw new Error('the sample is a task')
      const files = result.value.files.map((file) => ({ ...file, expiresAt: scene.at + left }))
      const value = { ...result.value, files }
      return followingAt(
        [{ ...times, response: { ...response, result: { ok: true, value } } }],
        scene.at,
      )
    }),
  ),
)

/** A task with labels and a note. */
const labelled = (scene: Scene): ReactNode => (
  <TaskScene
    following={enhancing(scene)}
    entry={{
      ...newTrackedTask(TASK_ID, scene.at),
      annotation: {
        labels: ['Client A', 'Print', 'a label as long as a label may be, yes'],
        note: 'For the poster in the entrance hall.\nA larger original may follow.',
        changedAt: scene.at,
      },
    }}
  />
)

/** The page of a task with these facts below its settings. */
const related = (scene: Scene): ReactNode => {
  const { record } = followingAt([received('processed', scene)], scene.at)
  const named = (id: TaskId, name: string) => ({
    ...withRecord(newTrackedTask(id, scene.at), record),
    source: { name, more: 0, others: [], thumb: null, width: null, height: null },
  })
  const after = Array.from({ length: 5 }, () => named(OTHER_ID, 'harbour-at-dusk.jpg'))
  return (
    <TaskScene
      following={enhancing(scene)}
      annotation={
        <RelatedFacts
          before={named(OTHER_ID, 'a-very-long-name-of-a-file-that-does-not-end.png')}
          after={after.map((entry, n) => ({ ...entry, id: sampleId(`${OTHER_ID}${n}`) }))}
          onCompare={nothing}
        />
      }
    />
  )
}

/** Elements shown only for a moment, or on request. */
export const DETAIL_STATES = prefixed('detail', {
  labelled: drawn('Labels and a note', labelled),
  related: drawn('Tasks run again from each other', related),
  'new-version': drawn('A new version is ready', (scene) => (
    <>
      <NewVersion onReload={nothing} onDismiss={nothing} />
      <TaskScene following={enhancing(scene)} />
    </>
  )),
  copied: taskState('ID copied', enhancing, () => copy(true)),
  'copy-denied': taskState('Copying not allowed by the browser', enhancing, () => copy(false)),
  'time-focused': taskState('A time, local and in UTC', enhancing, focusTime),
  'error-opened': taskState(
    'Details of a temporary error',
    (scene) =>
      followingAt(
        [received('enhancing', scene, 30 * SECOND), refused({ kind: 'timeout' }, scene)],
        scene.at,
      ),
    () => press(/Details/),
  ),
})
