import type { Urgency } from '../../../lib/countdown.ts'
import { HOUR, MINUTE, SECOND } from '../../../lib/units.ts'
import type { Role } from '../../../polling/tabs.ts'
import { RecordingDialog } from '../../recording/recording-dialog.tsx'
import { followingAt } from '../following.ts'
import { copy, focusTime, open, press, shown, type } from './play.ts'
import { each, type GalleryState, prefixed, type Scene } from './state.ts'
import { answered, refused, TaskScene } from './task-scene.tsx'

const enhancing = (scene: Scene) => followingAt([answered('enhancing', scene)], scene.at)

const ROLES: Readonly<Record<Role, string>> = {
  asking: 'The allowance: this tab asks for all',
  listening: 'The allowance: another tab asks',
  alone: 'The allowance: tabs cannot be coordinated here',
}

const opened = (says: string, page: GalleryState['page'], play: () => Promise<void>) => ({
  says,
  keyGiven: true,
  page,
  play,
})

const openAllowance = () => open(/left this hour|^Paused$|^No limit set$/)

interface RecordingSceneProps {
  readonly scene: Scene
  /** This tab has asked; it may also only listen. */
  readonly asked: boolean
}

function RecordingScene({ scene, asked }: RecordingSceneProps) {
  const { askedAt, answeredAt } = answered('enhancing', scene)
  const answer = { kind: 'silence', askedAt, answeredAt, why: 'network' } as const
  return (
    <>
      <TaskScene following={enhancing(scene)} />
      <RecordingDialog
        answers={asked ? [{ ...answer, askedAt: askedAt - 12 * MINUTE }, answer] : []}
        onSave={() => {}}
        onClose={() => {}}
      />
    </>
  )
}

/** What opens over the page. */
export const DIALOG_STATES = prefixed('dialog', {
  shortcuts: opened(
    'The keyboard shortcuts',
    (scene) => <TaskScene following={enhancing(scene)} />,
    () => open(/^Keyboard shortcuts$/),
  ),
  ...prefixed(
    'allowance',
    each(ROLES, (says, role) =>
      opened(
        says,
        (scene) => <TaskScene following={{ ...enhancing(scene), role }} />,
        openAllowance,
      ),
    ),
  ),
  recording: opened(
    'What a recording holds',
    (scene) => <RecordingScene scene={scene} asked />,
    shown,
  ),
  'recording-empty': opened(
    'There is nothing to record yet',
    (scene) => <RecordingScene scene={scene} asked={false} />,
    shown,
  ),
  'allowance-paused': opened(
    'The allowance, while all questions are paused',
    (scene) => <TaskScene following={{ ...enhancing(scene), paused: true }} />,
    openAllowance,
  ),
  'allowance-counted': opened(
    'The allowance, counted by the server for all who ask through it',
    (scene) => <TaskScene following={{ ...enhancing(scene), counted: true }} />,
    openAllowance,
  ),
  'allowance-refused': opened(
    'The allowance, and a limit that is no number',
    (scene) => <TaskScene following={enhancing(scene)} />,
    async () => {
      await openAllowance()
      await type('a hundred')
      await press(/^Save$/)
    },
  ),
})

const NEARNESS: Readonly<Record<Urgency, number>> = {
  calm: 30 * HOUR,
  soon: 42 * MINUTE,
  urgent: 4 * MINUTE + 7 * SECOND,
  over: -10 * SECOND,
}

/** A file as its end nears. */
export const EXPIRY_STATES = prefixed(
  'expiry',
  each(NEARNESS, (left, urgency) => ({
    says: `A file whose end is ${urgency}`,
    keyGiven: true,
    page: (scene) => {
      const { answer, ...times } = answered('processed', scene)
      const { result } = answer
      if (!result.ok) throw new Error('the sample is a task')
      const files = result.value.files.map((file) => ({ ...file, expiresAt: scene.at + left }))
      const value = { ...result.value, files }
      return (
        <TaskScene
          following={followingAt(
            [{ ...times, answer: { ...answer, result: { ok: true, value } } }],
            scene.at,
          )}
        />
      )
    },
  })),
)

/** What shows for a moment, or when it is asked for. */
export const DETAIL_STATES = prefixed('detail', {
  copied: opened(
    'The id was copied',
    (scene) => <TaskScene following={enhancing(scene)} />,
    () => copy(true),
  ),
  'copy-denied': opened(
    'The browser did not allow copying',
    (scene) => <TaskScene following={enhancing(scene)} />,
    () => copy(false),
  ),
  'time-focused': opened(
    'A time, local and UTC',
    (scene) => <TaskScene following={enhancing(scene)} />,
    focusTime,
  ),
  'error-opened': opened(
    'What a passing error means',
    (scene) => (
      <TaskScene
        following={followingAt(
          [answered('enhancing', scene, 30 * SECOND), refused({ kind: 'timeout' }, scene)],
          scene.at,
        )}
      />
    ),
    () => press(/What it means/),
  ),
})
