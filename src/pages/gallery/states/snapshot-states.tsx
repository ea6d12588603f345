import { HOUR, MINUTE } from '../../../lib/units.ts'
import type { Shown } from '../../../polling/shown.ts'
import type { TaskRecord } from '../../../polling/task-record.ts'
import { makeSnapshot, type SeenTask, type Snapshot } from '../../../snapshot/snapshot.ts'
import type { SampleName } from '../../../upscayl/samples.ts'
import { asTaskId } from '../../../upscayl/task-id.ts'
import { type FinalFault, SnapshotFaultPanel } from '../../shared/snapshot-fault.tsx'
import { SnapshotScreen } from '../../shared/snapshot-screen.tsx'
import { UnlockForm } from '../../shared/unlock-form.tsx'
import { followingAt } from '../following.ts'
import { press } from './play.ts'
import { each, type GalleryState, prefixed, type Scene } from './state.ts'
import { answered, refused } from './task-scene.tsx'

const nothing = () => {}
const ALL: Shown = { credits: true, links: true }
const NO_LINKS: Shown = { credits: true, links: false }
const NONE: Shown = { credits: false, links: false }

/** How old a snapshot is when it is opened. */
const AGE = 3 * HOUR

const drawn = (says: string, page: GalleryState['page']): GalleryState => ({
  says,
  keyGiven: false,
  page,
})

function seenTask(place: number, record: TaskRecord): SeenTask {
  const id = asTaskId(`4f9c2d1e-7a53-4c1b-9d0e-2b8f6a7c5e3${place}`)
  if (id === null) throw new Error('the gallery’s task id is none')
  return { id, record }
}

/** What had been seen of a task `age` milliseconds ago, when these answers had come. */
function recordOf(names: readonly SampleName[], scene: Scene, age: number): TaskRecord {
  const then = { ...scene, at: scene.at - age }
  const answers = names.map((name, n) => answered(name, then, (names.length - 1 - n) * MINUTE))
  return followingAt(answers, then.at).record
}

const one = (
  says: string,
  names: readonly SampleName[],
  { shown = ALL, age = AGE }: { readonly shown?: Shown; readonly age?: number } = {},
) =>
  drawn(says, (scene) => (
    <SnapshotScreen
      snapshot={makeSnapshot([seenTask(1, recordOf(names, scene, age))], shown, scene.at - age)}
    />
  ))

function several(scene: Scene, shown: Shown): Snapshot {
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

const FAULTS: Readonly<Record<FinalFault, string>> = {
  'not-a-snapshot': 'A link without a snapshot',
  newer: 'A snapshot from a newer Loupe',
  damaged: 'A link that was cut or changed',
  'too-large': 'A link that unpacks to far too much',
  'no-crypto': 'A passphrase, and no WebCrypto at this address',
  'no-compression': 'A browser that unpacks nothing',
}

/** What a link of somebody else shows. */
export const SNAPSHOT_STATES = prefixed('snapshot', {
  done: one('Done, with all that is known', ['enhancing', 'processed']),
  running: one('It was running', ['enhancing']),
  failed: one('It had failed', ['enhancing', 'failed']),
  unconfirmed: one('Its credits were not confirmed', ['enhancing', 'credits-unconfirmed']),
  expired: one('The end that was stated for its link has passed', ['processed'], {
    age: 75 * HOUR,
  }),
  'other-host': drawn('Its images are on another host', (scene) => {
    const record = recordOf(['batch'], { ...scene, base: 'https://files.example' }, AGE)
    return <SnapshotScreen snapshot={makeSnapshot([seenTask(1, record)], ALL, scene.at - AGE)} />
  }),
  'no-links': one('Without links', ['enhancing', 'batch'], { shown: NO_LINKS }),
  'no-links-one': one('One file, without links and credits', ['enhancing', 'processed'], {
    shown: NONE,
  }),
  unanswered: drawn('No answer had come', (scene) => (
    <SnapshotScreen
      snapshot={makeSnapshot(
        [seenTask(1, followingAt([refused({ kind: 'unreachable' }, scene, AGE)], scene.at).record)],
        ALL,
        scene.at - AGE,
      )}
    />
  )),
  'failure-later': drawn('A later question had come to nothing', (scene) => (
    <SnapshotScreen
      snapshot={makeSnapshot(
        [
          seenTask(
            1,
            followingAt(
              [
                answered('enhancing', scene, AGE + 5 * MINUTE),
                refused({ kind: 'timeout' }, scene, AGE),
              ],
              scene.at,
            ).record,
          ),
        ],
        ALL,
        scene.at - AGE,
      )}
    />
  )),
  'files-cut': drawn('Not all of its files fit into the link', (scene) => {
    const snapshot = makeSnapshot(
      [seenTask(1, recordOf(['enhancing', 'batch'], scene, AGE))],
      ALL,
      scene.at - AGE,
    )
    const tasks = snapshot.tasks.map((seen) => ({ ...seen, filesLeftOut: 34 }))
    return <SnapshotScreen snapshot={{ ...snapshot, tasks }} />
  }),
  several: drawn('Several tasks, and not all fit into the link', (scene) => (
    <SnapshotScreen snapshot={{ ...several(scene, ALL), leftOut: 12 }} />
  )),
  'several-none': drawn('Several tasks, without credits', (scene) => (
    <SnapshotScreen snapshot={several(scene, NONE)} />
  )),
  'several-opened': {
    ...drawn('One of several, opened', (scene) => (
      <SnapshotScreen snapshot={several(scene, NO_LINKS)} />
    )),
    play: () => press(/^Enhancing/),
  },
  locked: drawn('A passphrase is asked for', () => (
    <UnlockForm wrong={false} opening={false} onPassphrase={nothing} />
  )),
  'locked-wrong': drawn('A passphrase that does not open it', () => (
    <UnlockForm wrong opening={false} onPassphrase={nothing} />
  )),
  'locked-opening': drawn('A passphrase is being tried', () => (
    <UnlockForm wrong={false} opening onPassphrase={nothing} />
  )),
  'locked-empty': {
    ...drawn('No passphrase was typed', () => (
      <UnlockForm wrong={false} opening={false} onPassphrase={nothing} />
    )),
    play: () => press(/^Open the snapshot$/),
  },
  ...prefixed(
    'fault',
    each(FAULTS, (says, fault) => drawn(says, () => <SnapshotFaultPanel fault={fault} />)),
  ),
})
