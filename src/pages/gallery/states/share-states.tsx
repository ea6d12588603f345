import { DAY, HOUR, MINUTE } from '../../../lib/units.ts'
import type { Shown } from '../../../polling/shown.ts'
import { shownOf } from '../../../polling/shown.ts'
import type { TaskRecord } from '../../../polling/task-record.ts'
import { UNSEEN, type Viewing } from '../../../polling/viewing.ts'
import type { Share, ShareError } from '../../../upscayl/shares.ts'
import { LivePanel } from '../../share/live-panel.tsx'
import { Sheet } from '../../share/print-sheet.tsx'
import { ShareDialog } from '../../share/share-dialog.tsx'
import type { LiveLinks } from '../../share/use-live-links.ts'
import { LiveScreen } from '../../shared/live-screen.tsx'
import { followingAt } from '../following.ts'
import { pick, press, shown } from './play.ts'
import { each, type GalleryState, prefixed, type Scene } from './state.ts'
import { answered, OTHER_ID, refused, TASK_ID, TaskScene } from './task-scene.tsx'

const ORIGIN = 'https://loupe.example'
const TOKEN = 'v1.k7Qw3xTt9'.padEnd(220, 'Zr0aWq-Bd7')

const done = (scene: Scene) => followingAt([answered('processed', scene)], scene.at)

function shareOf({ at }: Scene, id: string, left: number, taskId = TASK_ID): Share {
  return {
    id,
    url: `/s/${TOKEN}`,
    taskId,
    createdAt: at - HOUR,
    endsAt: at + left,
    shown: { credits: true, links: id === 'a' },
  }
}

const LINKS: LiveLinks = {
  shares: [],
  busy: false,
  made: null,
  fault: null,
  create: () => {},
  revoke: () => {},
  another: () => {},
}

interface SharingProps {
  readonly scene: Scene
  readonly links?: Partial<LiveLinks>
  /** How many tasks are shared. */
  readonly count?: number
}

function Sharing({ scene, links = {}, count = 1 }: SharingProps) {
  const following = done(scene)
  const { record } = following
  return (
    <>
      <TaskScene following={following} />
      <ShareDialog
        seen={{
          origin: ORIGIN,
          tasks: Array.from({ length: count }, () => ({ id: TASK_ID, record })),
          at: scene.at,
        }}
        live={<LivePanel origin={ORIGIN} taskId={TASK_ID} links={{ ...LINKS, ...links }} />}
        onClose={() => {}}
      />
    </>
  )
}

const sharing = (
  says: string,
  props: (scene: Scene) => Omit<SharingProps, 'scene'>,
  play: () => Promise<void>,
): GalleryState => ({
  says,
  keyGiven: true,
  page: (scene) => <Sharing scene={scene} {...props(scene)} />,
  play,
})

const chosen = (kind: RegExp) => async () => {
  await shown()
  await pick(kind)
}

/** The ways to share a task, and the paper it can be printed on. */
export const SHARE_STATES = prefixed('share', {
  task: sharing('A link for who has a key', () => ({}), shown),
  list: sharing('A link to several tasks', () => ({ count: 3 }), shown),
  qr: sharing(
    'A link as a QR code',
    () => ({}),
    async () => {
      await shown()
      await press(/^QR code$/)
    },
  ),
  live: sharing('A live link is made', () => ({}), chosen(/^Live link$/)),
  'live-made': sharing(
    'A live link, and those that were made before',
    (scene) => {
      const made = shareOf(scene, 'a', DAY)
      const other = shareOf(scene, 'c', 40 * MINUTE, OTHER_ID)
      return { links: { made, shares: [made, shareOf(scene, 'b', 3 * HOUR), other] } }
    },
    chosen(/^Live link$/),
  ),
  'live-static': sharing(
    'There is no server for live links',
    () => ({ links: { shares: null, fault: { kind: 'unavailable' } } }),
    chosen(/^Live link$/),
  ),
  snapshot: sharing('What the receiver of a snapshot will see', () => ({}), chosen(/^Snapshot$/)),
  print: {
    says: 'A task on one page of paper',
    keyGiven: true,
    page: (scene) => (
      <Sheet taskId={TASK_ID} record={done(scene).record} url={`${ORIGIN}/tasks/${TASK_ID}`} />
    ),
  },
})

const nothing = () => {}
const ALL: Shown = { credits: true, links: true }

function viewing(record: TaskRecord, what: Shown, scene: Scene, next: number | null): Viewing {
  return {
    ...UNSEEN,
    seen: {
      taskId: TASK_ID,
      record: shownOf(record, what),
      shown: what,
      endsAt: scene.at + 22 * HOUR,
    },
    dueAt: next === null ? null : scene.at + next,
  }
}

const live = (says: string, page: (scene: Scene) => Viewing): GalleryState => ({
  says,
  keyGiven: false,
  page: (scene) => <LiveScreen viewing={page(scene)} looking={false} look={nothing} />,
})

const FAULTS: Readonly<Record<ShareError['kind'], string>> = {
  network: 'A live link, and no server',
  unavailable: 'A live link on a static site',
  'too-many': 'A live link to a busy server',
  unknown: 'A live link that leads nowhere',
  ended: 'A live link that has ended',
  revoked: 'A live link that was revoked',
  refused: 'A live link to a server with a fault',
}

const faultOf = (kind: ShareError['kind']): ShareError =>
  kind === 'refused' ? { kind, message: 'The server has a fault.' } : { kind }

/** What the receiver of a live link sees. */
export const LIVE_STATES = prefixed('live', {
  running: live('A task that runs, for somebody without a key', (scene) =>
    viewing(followingAt([answered('enhancing', scene)], scene.at).record, ALL, scene, 4000),
  ),
  done: live('A task that is done', (scene) => viewing(done(scene).record, ALL, scene, null)),
  withheld: live('A task without credits and links', (scene) =>
    viewing(done(scene).record, { credits: false, links: false }, scene, null),
  ),
  'key-refused': live('The sender’s key is accepted no more', (scene) =>
    viewing(followingAt([refused({ kind: 'key' }, scene)], scene.at).record, ALL, scene, null),
  ),
  'without-files': live('Done and paid, and no files came', (scene) =>
    viewing(followingAt([answered('no-files', scene)], scene.at).record, ALL, scene, null),
  ),
  'revoked-later': live('A live link that was revoked while it was looked at', (scene) => ({
    ...viewing(followingAt([answered('enhancing', scene)], scene.at).record, ALL, scene, null),
    fault: { kind: 'revoked' },
  })),
  loading: live('Nothing is known yet', () => UNSEEN),
  ...each(FAULTS, (says, kind) => live(says, () => ({ ...UNSEEN, fault: faultOf(kind) }))),
})
