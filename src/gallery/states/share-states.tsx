import type { Visibility } from '../../../core/api/visibility.ts'
import { DAY, HOUR, MINUTE } from '../../../core/lib/units.ts'
import { redact } from '../../../core/record/redact.ts'
import type { TaskRecord } from '../../../core/record/task-record.ts'
import type { Share, ShareError } from '../../api/shares.ts'
import { LivePanel } from '../../dialogs/share/live-panel.tsx'
import { Sheet } from '../../dialogs/share/print-sheet.tsx'
import { ShareDialog } from '../../dialogs/share/share-dialog.tsx'
import type { LiveLinks } from '../../dialogs/share/use-live-links.ts'
import { LiveScreen } from '../../pages/shared/live-screen.tsx'
import { INITIAL, type LiveViewState } from '../../sharing/live-view.ts'
import { followingAt } from '../following.ts'
import { pick, press, shown } from './play.ts'
import { drawn, each, type GalleryState, nothing, prefixed, type Scene } from './state.ts'
import { OTHER_ID, received, refused, TASK_ID, TaskScene } from './task-scene.tsx'

const ORIGIN = 'https://loupe.example'
const TOKEN = 'v1.k7Qw3xTt9'.padEnd(220, 'Zr0aWq-Bd7')

const done = (scene: Scene) => followingAt([received('processed', scene)], scene.at)

function shareOf({ at }: Scene, id: string, left: number, taskId = TASK_ID): Share {
  return {
    id,
    url: `/s/${TOKEN}`,
    taskId,
    createdAt: at - HOUR,
    endsAt: at + left,
    shown: { credits: true, links: id === 'a' },
    previews: id === 'b',
  }
}

const LINKS: LiveLinks = {
  reload: () => undefined,
  loading: false,
  shares: [],
  busy: false,
  made: null,
  copied: false,
  fault: null,
  create: nothing,
  revoke: nothing,
  another: nothing,
}

interface SharingProps {
  readonly scene: Scene
  readonly links?: Partial<LiveLinks>
  /** Number of shared tasks. */
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
        live={
          <LivePanel
            origin={ORIGIN}
            taskId={TASK_ID}
            title="tram-28.jpg"
            links={{ ...LINKS, ...links }}
          />
        }
        onClose={nothing}
      />
    </>
  )
}

const sharing = (
  description: string,
  props: (scene: Scene) => Omit<SharingProps, 'scene'>,
  play: () => Promise<void>,
) => drawn(description, (scene) => <Sharing scene={scene} {...props(scene)} />, play)

const chosen = (kind: RegExp) => async () => {
  await shown()
  await pick(kind)
}

/** The ways to share a task, and its print sheet. */
export const SHARE_STATES = prefixed('share', {
  task: sharing('Private link', () => ({}), chosen(/^Private link$/)),
  list: sharing('Several tasks', () => ({ count: 3 }), shown),
  qr: sharing(
    'QR code',
    () => ({}),
    async () => {
      await chosen(/^Private link$/)()
      await press(/^QR code$/)
    },
  ),
  live: sharing('Public link, before it is created', () => ({}), shown),
  'live-made': sharing(
    'Public link, with earlier ones',
    (scene) => {
      const made = shareOf(scene, 'a', DAY)
      const other = shareOf(scene, 'c', 40 * MINUTE, OTHER_ID)
      const shares = [made, shareOf(scene, 'b', 3 * HOUR), other]
      return { links: { made, copied: true, shares } }
    },
    shown,
  ),
  'live-unreachable': sharing(
    'Public link, with the server unreachable',
    () => ({ links: { shares: null, fault: { kind: 'network' } } }),
    shown,
  ),
  'live-lost': sharing(
    'Public link whose response was lost',
    (scene) => ({ links: { shares: [shareOf(scene, 'a', DAY)], fault: { kind: 'network' } } }),
    shown,
  ),
  'live-static': sharing(
    'Public link without a server',
    () => ({ links: { shares: null, fault: { kind: 'unavailable' } } }),
    shown,
  ),
  snapshot: sharing('Snapshot with preview', () => ({}), chosen(/^Snapshot$/)),
  print: drawn('Print summary', (scene) => (
    <Sheet taskId={TASK_ID} record={done(scene).record} url={`${ORIGIN}/tasks/${TASK_ID}`} />
  )),
})

const ALL: Visibility = { credits: true, links: true }

function viewing(
  record: TaskRecord,
  what: Visibility,
  scene: Scene,
  next: number | null,
): LiveViewState {
  return {
    ...INITIAL,
    seen: {
      taskId: TASK_ID,
      record: redact(record, what),
      shown: what,
      endsAt: scene.at + 22 * HOUR,
    },
    dueAt: next === null ? null : scene.at + next,
  }
}

const live = (
  description: string,
  page: (scene: Scene) => LiveViewState,
  previews?: (scene: Scene) => readonly string[],
): GalleryState => ({
  description,
  keyGiven: false,
  page: (scene) => (
    <LiveScreen
      viewing={page(scene)}
      previews={previews?.(scene) ?? []}
      looking={false}
      look={nothing}
    />
  ),
})

const ERRORS: Readonly<Record<ShareError['kind'], string>> = {
  network: 'Server unreachable',
  unavailable: 'Public link on a static host',
  'too-many': 'Server busy',
  unknown: 'Public link not found',
  ended: 'Public link expired',
  revoked: 'Public link revoked',
  refused: 'Error of the Loupe server',
}

const errorOf = (kind: ShareError['kind']): ShareError =>
  kind === 'refused' ? { kind, message: 'Internal server error.' } : { kind }

/** View of a live link's recipient. */
export const LIVE_STATES = prefixed('live', {
  running: live('Running task, without a key', (scene) =>
    viewing(followingAt([received('enhancing', scene)], scene.at).record, ALL, scene, 4000),
  ),
  done: live('Finished task', (scene) => viewing(done(scene).record, ALL, scene, null)),
  withheld: live('Without credits and links', (scene) =>
    viewing(done(scene).record, { credits: false, links: false }, scene, null),
  ),
  previews: live(
    'With small previews',
    (scene) => viewing(done(scene).record, { credits: true, links: false }, scene, null),
    ({ base }) => [`${base}/samples/dunes.webp`],
  ),
  'key-refused': live('Sender’s key no longer valid', (scene) =>
    viewing(followingAt([refused({ kind: 'key' }, scene)], scene.at).record, ALL, scene, null),
  ),
  'without-files': live('Done without files', (scene) =>
    viewing(followingAt([received('no-files', scene)], scene.at).record, ALL, scene, null),
  ),
  'revoked-later': live('Revoked while open', (scene) => ({
    ...viewing(followingAt([received('enhancing', scene)], scene.at).record, ALL, scene, null),
    fault: { kind: 'revoked' },
  })),
  loading: live('Loading', () => INITIAL),
  ...each(ERRORS, (description, kind) =>
    live(description, () => ({ ...INITIAL, fault: errorOf(kind) })),
  ),
})
