import type { SampleName } from '../../../core/api/samples.ts'
import type { Visibility } from '../../../core/api/visibility.ts'
import { HOUR, MINUTE } from '../../../core/lib/units.ts'
import type { TaskRecord } from '../../../core/record/task-record.ts'
import { type FinalFault, SnapshotFaultPanel } from '../../pages/shared/snapshot-error.tsx'
import { UnlockForm } from '../../pages/shared/unlock-form.tsx'
import { SnapshotScreen } from '../../shared-view/snapshot-screen.tsx'
import { makeSnapshot, type SeenTask, type Snapshot } from '../../sharing/snapshot.ts'
import { followingAt } from '../following.ts'
import { press } from './play.ts'
import { drawn, each, type GalleryState, nothing, prefixed, type Scene } from './state.ts'
import { received, refused, sampleId } from './task-scene.tsx'

const ALL: Visibility = { credits: true, links: true }
const NO_LINKS: Visibility = { credits: true, links: false }
const NONE: Visibility = { credits: false, links: false }

/** Age of a snapshot when it is opened. */
const AGE = 3 * HOUR

const page = (description: string, draw: GalleryState['page']): GalleryState => ({
  ...drawn(description, draw),
  keyGiven: false,
})

/** A snapshot of one task with this record. */
const single = (description: string, record: (scene: Scene) => TaskRecord) =>
  page(description, (scene) => (
    <SnapshotScreen snapshot={makeSnapshot([seenTask(1, record(scene))], ALL, scene.at - AGE)} />
  ))

const seenTask = (place: number, record: TaskRecord): SeenTask => ({
  id: sampleId(`4f9c2d1e-7a53-4c1b-9d0e-2b8f6a7c5e3${place}`),
  record,
})

/** Record of a task `age` milliseconds ago, after these responses. */
function recordOf(names: readonly SampleName[], scene: Scene, age: number): TaskRecord {
  const then = { ...scene, at: scene.at - age }
  const responses = names.map((name, n) => received(name, then, (names.length - 1 - n) * MINUTE))
  return followingAt(responses, then.at).record
}

const one = (
  description: string,
  names: readonly SampleName[],
  { shown = ALL, age = AGE }: { readonly shown?: Visibility; readonly age?: number } = {},
) =>
  page(description, (scene) => (
    <SnapshotScreen
      snapshot={makeSnapshot([seenTask(1, recordOf(names, scene, age))], shown, scene.at - age)}
    />
  ))

function several(scene: Scene, shown: Visibility): Snapshot {
  const records = [
    recordOf(['enhancing', 'batch'], scene, AGE + 4 * MINUTE),
    recordOf(['enhancing'], scene, AGE + MINUTE),
    recordOf(['processed'], scene, AGE + 26 * HOUR),
    recordOf(['failed'], scene, AGE + 2 * MINUTE),
    recordOf(['hostile-values'], scene, AGE + 2 * MINUTE),
    followingAt([refused({ kind: 'missing', message: null }, scene, AGE)], scene.at).record,
  ]
  return makeSnapshot(
    records.map((record, n) => seenTask(n + 1, record)),
    shown,
    scene.at - AGE,
  )
}

const ERRORS: Readonly<Record<FinalFault, string>> = {
  'not-a-snapshot': 'A link without a snapshot',
  newer: 'A snapshot from a newer Loupe',
  damaged: 'Damaged link',
  'too-large': 'Snapshot too large',
  'no-crypto': 'Passphrase without WebCrypto',
  'no-compression': 'Browser without decompression',
}

/** Content of a snapshot link, as its recipient sees it. */
export const SNAPSHOT_STATES = prefixed('snapshot', {
  done: one('Done, everything shared', ['enhancing', 'processed']),
  running: one('Running when shared', ['enhancing']),
  failed: one('Failed when shared', ['enhancing', 'failed']),
  unconfirmed: one('Credits not confirmed', ['enhancing', 'credits-unconfirmed']),
  expired: one('Link expired since', ['processed'], {
    age: 75 * HOUR,
  }),
  'other-host': single('Images on another host', (scene) =>
    recordOf(['batch'], { ...scene, base: 'https://files.example' }, AGE),
  ),
  'no-links': one('Without links', ['enhancing', 'batch'], { shown: NO_LINKS }),
  'no-links-one': one('One file, without links and credits', ['enhancing', 'processed'], {
    shown: NONE,
  }),
  unanswered: single(
    'Not checked when shared',
    (scene) => followingAt([refused({ kind: 'unreachable' }, scene, AGE)], scene.at).record,
  ),
  'failure-later': single('Last check failed when shared', (scene) => {
    const first = received('enhancing', scene, AGE + 5 * MINUTE)
    return followingAt([first, refused({ kind: 'timeout' }, scene, AGE)], scene.at).record
  }),
  'files-cut': page('Files that didn’t fit', (scene) => {
    const snapshot = makeSnapshot(
      [seenTask(1, recordOf(['enhancing', 'batch'], scene, AGE))],
      ALL,
      scene.at - AGE,
    )
    const tasks = snapshot.tasks.map((seen) => ({ ...seen, filesLeftOut: 34 }))
    return <SnapshotScreen snapshot={{ ...snapshot, tasks }} />
  }),
  several: page('Several tasks, some didn’t fit', (scene) => (
    <SnapshotScreen snapshot={{ ...several(scene, ALL), leftOut: 12 }} />
  )),
  'several-none': page('Several tasks, without credits', (scene) => (
    <SnapshotScreen snapshot={several(scene, NONE)} />
  )),
  'several-opened': {
    ...page('One of several, opened', (scene) => (
      <SnapshotScreen snapshot={several(scene, NO_LINKS)} />
    )),
    play: () => press(/^Enhancing/),
  },
  locked: page('Passphrase needed', () => (
    <UnlockForm wrong={false} opening={false} onPassphrase={nothing} />
  )),
  'locked-wrong': page('Wrong passphrase', () => (
    <UnlockForm wrong opening={false} onPassphrase={nothing} />
  )),
  'locked-opening': page('Checking the passphrase', () => (
    <UnlockForm wrong={false} opening onPassphrase={nothing} />
  )),
  'locked-empty': {
    ...page('No passphrase entered', () => (
      <UnlockForm wrong={false} opening={false} onPassphrase={nothing} />
    )),
    play: () => press(/^Open snapshot$/),
  },
  ...prefixed(
    'fault',
    each(ERRORS, (description, fault) =>
      page(description, () => <SnapshotFaultPanel fault={fault} />),
    ),
  ),
})
