import { HOUR, MINUTE } from '../../../core/lib/units.ts'
import { recordResponse } from '../../../core/record/record-response.ts'
import { EMPTY_RECORD, type TaskRecord } from '../../../core/record/task-record.ts'
import type { Source } from '../../api/create-task.ts'
import { LimitDialog } from '../../pages/new-task/limit-dialog.tsx'
import { NewTaskScreen, type NewTaskScreenProps } from '../../pages/new-task/new-task-screen.tsx'
import { UnfinishedLine } from '../../pages/new-task/unfinished-notice.tsx'
import { useStartChoices } from '../../pages/new-task/use-start-choices.ts'
import { Checkbox } from '../../ui/choice.tsx'
import type { EarlierTask } from '../../uploads/earlier-task.ts'
import { DEFAULT_SETTINGS } from '../../uploads/task-settings.ts'
import {
  factsOf,
  type Group,
  type ImageSource,
  sourcesOf,
  type Upload,
  type UploadState,
} from '../../uploads/upload.ts'
import type { Received } from '../following.ts'
import { chooseFile, pick, press } from './play.ts'
import { drawn, nothing, prefixed, type Scene } from './state.ts'
import { OTHER_ID, received, sampleId, TASK_ID } from './task-scene.tsx'

/** A file of a given size without content: only its size is shown. */
function fileOf(name: string, size: number): Source {
  const file = new File([], name, { type: 'image/jpeg' })
  Object.defineProperty(file, 'size', { value: size })
  return { kind: 'file', file }
}

type Sample = readonly [source: Source, width: number, height: number]

const SOURCES: readonly Sample[] = [
  [fileOf('harbour-at-dusk.jpg', 4_812_334), 640, 400],
  [fileOf('meadow.png', 12_420_018), 4032, 3024],
  [{ kind: 'url', url: 'https://pictures.example/2026/lake.webp' }, 0, 0],
  [
    fileOf(
      'A file name that goes on and on, as those of cameras and chat programs do (final) (2).jpg',
      981_114,
    ),
    400,
    600,
  ],
  [fileOf('dunes.webp', 1_204_883), 960, 640],
  [fileOf('canyon.jpg', 8_115_402), 1920, 1080],
]

/** The same, after a reload. */
const missing = (source: ImageSource | Group): ImageSource | Group => {
  if (source.kind === 'url') return source
  if (source.kind === 'group') {
    return { kind: 'group', sources: source.sources.flatMap((one) => sourcesOf(missing(one))) }
  }
  const { name, size, lastModified } = factsOf(source)
  return { kind: 'missing', name, size, lastModified }
}

const afterReload = (uploads: readonly Upload[]): readonly Upload[] =>
  uploads.map((one) => ({ ...one, source: missing(one.source), dimensions: null, thumbnail: null }))

const QUEUED_ID = sampleId('9c1b77e2-5f0d-4a86-8a1e-3d2c5b7f9a60')
const FAILED_ID = sampleId('e8a4d6b0-2c31-4e97-b5f8-7a9c0d1e2f43')

/** A gradient in place of a photo: each row another hue. */
const thumbnailOf = (index: number) =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><linearGradient id="g" y2="1" x2="0"><stop stop-color="hsl(${index * 55} 55% 75%)"/><stop offset="1" stop-color="hsl(${index * 55 + 40} 45% 40%)"/></linearGradient><path fill="url(#g)" d="M0 0h96v96H0z"/></svg>`,
  )}`

const uploadsOf = (states: readonly UploadState[]): Upload[] =>
  states.map((state, index) => {
    const [source, width, height] = SOURCES[index % SOURCES.length] ?? [fileOf('a.jpg', 1), 0, 0]
    const isShown = source.kind === 'file' && state.kind !== 'invalid' && state.kind !== 'checking'
    return {
      id: `${index}`,
      source,
      state,
      dimensions: isShown ? { width, height } : null,
      thumbnail: isShown ? thumbnailOf(index) : null,
      settings: null,
      earlier: null,
    }
  })

const recordAfter = (checks: readonly Received[]): TaskRecord =>
  checks.reduce(
    (record, { response, requestedAt, receivedAt }) =>
      recordResponse(record, response, requestedAt, receivedAt),
    EMPTY_RECORD,
  )

/** Records of the started tasks. */
const recordsOf = (scene: Scene): Readonly<Record<string, TaskRecord>> => ({
  [TASK_ID]: recordAfter([received('processed', scene)]),
  [OTHER_ID]: recordAfter([received('enhancing', scene, 30_000), received('enhancing', scene)]),
  [FAILED_ID]: recordAfter([received('failed', scene)]),
})

/** The first three files as one task. */
const groupIn = (state: UploadState): Upload[] => {
  const [first, second, , third] = uploadsOf([state, state, state, state])
  if (first === undefined) return []
  const sources = [first, second, third].flatMap((one) =>
    one === undefined || one.source.kind === 'group' ? [] : [one.source],
  )
  return [{ ...first, source: { kind: 'group', sources }, dimensions: null }]
}

interface PageProps extends Omit<NewTaskScreenProps, 'choices'> {
  /** The API takes one image per task. */
  readonly singleOnly?: boolean
}

function Page({ singleOnly = false, ...props }: PageProps) {
  const choices = useStartChoices(props.uploads, [], props.settings, singleOnly)
  return <NewTaskScreen {...props} choices={choices} />
}

const BATCH: EarlierTask = { taskId: TASK_ID, settings: DEFAULT_SETTINGS, count: 3 }
const OTHER: EarlierTask = {
  taskId: OTHER_ID,
  settings: { model: 'digital-art-4x', scale: 2, saveImageAs: 'webp', enhanceFace: true },
  count: 1,
}

const page = (
  description: string,
  states: (scene: Scene) => readonly UploadState[],
  more: Partial<PageProps> = {},
) =>
  drawn(description, (scene) => (
    <Page
      uploads={uploadsOf(states(scene))}
      duplicates={0}
      wanted={[]}
      settings={DEFAULT_SETTINGS}
      onSettings={nothing}
      onFiles={nothing}
      onUrls={() => []}
      onStart={nothing}
      onCancel={nothing}
      onRetry={nothing}
      onRemove={nothing}
      onChoose={() => []}
      priceOf={() => 10}
      left={null}
      recordOf={(id) => recordsOf(scene)[id] ?? EMPTY_RECORD}
      notify={<Checkbox label="Tell me when they’re done" checked={false} onChange={nothing} />}
      {...more}
    />
  ))

const threeFiles = uploadsOf(Array.from({ length: 4 }, () => ({ kind: 'ready' }))).filter(
  ({ source }) => source.kind === 'file',
)

/** From images to tasks. */
export const NEW_TASK_STATES = prefixed('new', {
  empty: page('No image yet', () => [], { priceOf: () => null }),
  models: {
    ...page('Menu of models', () => [], { priceOf: () => null }),
    play: () => press(/^Model:/),
  },
  again: page('Run again, original missing', () => [], { wanted: ['tram.jpg'] }),
  ready: page(
    'Images ready, two rejected',
    () => [
      { kind: 'ready' },
      { kind: 'ready' },
      { kind: 'ready' },
      { kind: 'invalid', why: 'GIF isn’t supported. Use a JPG, PNG or WebP image.' },
      { kind: 'checking' },
      { kind: 'invalid', why: 'Too large: 104.9 MiB. The limit is 100 MiB.' },
    ],
    { duplicates: 2, left: { count: 48, limit: 50 } },
  ),
  'one-for-all': page('One task for all images', () => [], {
    uploads: threeFiles.map((upload) => ({ ...upload, earlier: BATCH })),
  }),
  'single-only': page('The API takes one image per task', () => [], {
    uploads: threeFiles,
    singleOnly: true,
  }),
  'again-many': page('Several tasks run again, two images missing', () => [], {
    uploads: threeFiles.map((upload, n) => ({ ...upload, earlier: n === 0 ? OTHER : BATCH })),
    wanted: ['tram.jpg', 'meadow.png'],
  }),
  'again-same': {
    ...page('Several tasks run again with the same settings', () => [], {
      uploads: threeFiles.map((upload, n) => ({ ...upload, earlier: n === 0 ? OTHER : BATCH })),
    }),
    play: () => pick(/^Same settings/),
  },
  'group-sending': page('Uploading the images of one task', () => [], {
    uploads: groupIn({ kind: 'sending', sent: 0.64 }),
  }),
  'group-running': page('One task started for all images', () => [], {
    uploads: groupIn({ kind: 'started', taskId: QUEUED_ID, credits: 30 }),
  }),
  sending: page('Uploading', ({ at }) => [
    { kind: 'started', taskId: OTHER_ID, credits: 10 },
    { kind: 'sending', sent: 0.64 },
    { kind: 'sending', sent: 1 },
    { kind: 'waiting', until: null },
    { kind: 'waiting', until: at + HOUR - 20 * MINUTE },
  ]),
  interrupted: page('Interrupted by a reload', () => [], {
    uploads: afterReload([
      ...uploadsOf([
        { kind: 'interrupted', needed: ['harbour-at-dusk.jpg'], sent: 0.61, unsure: false },
        { kind: 'interrupted', needed: ['meadow.png'], sent: 0, unsure: false },
        { kind: 'failed', error: { kind: 'cut' }, again: true },
        { kind: 'interrupted', needed: ['A file name'], sent: 0, unsure: true },
        { kind: 'abandoned', why: 'expired' },
        { kind: 'abandoned', why: 'closed' },
      ]),
      ...uploadsOf([{ kind: 'failed', error: { kind: 'unknown' }, again: false }]).map((one) => ({
        ...one,
        id: 'late',
      })),
    ]),
  }),
  'group-interrupted': page('The images of one task, interrupted by a reload', () => [], {
    uploads: afterReload(
      groupIn({
        kind: 'interrupted',
        needed: ['harbour-at-dusk.jpg', 'meadow.png'],
        sent: 0.2,
        unsure: false,
      }),
    ),
  }),
  'other-file': {
    ...page('Another file, which does not continue it', () => [], {
      uploads: afterReload(
        uploadsOf([
          { kind: 'interrupted', needed: ['harbour-at-dusk.jpg'], sent: 0.61, unsure: false },
        ]),
      ),
      onChoose: (files) => files,
    }),
    play: () => chooseFile(/^Choose file for/, new File([], 'meadow.png')),
  },
  'unfinished-notice': drawn('Uploads that wait on New task, on another page', () => (
    <>
      <title>Loupe</title>
      <h1 className="sr-only">Tasks</h1>
      <UnfinishedLine interrupted={1} abandoned={0} />
      <UnfinishedLine interrupted={0} abandoned={12} />
    </>
  )),
  'over-limit': page('The daily limit would be passed', () => [{ kind: 'ready' }], {
    children: (
      <LimitDialog
        limit={200}
        today={{ used: 190, expected: 20 }}
        onStart={nothing}
        onClose={nothing}
      />
    ),
  }),
  running: page('All started', () => [
    { kind: 'started', taskId: TASK_ID, credits: 10 },
    { kind: 'started', taskId: OTHER_ID, credits: 10 },
    { kind: 'started', taskId: QUEUED_ID, credits: 10 },
    { kind: 'started', taskId: FAILED_ID, credits: null },
  ]),
  ended: page('All results of an upload', () => [
    { kind: 'started', taskId: TASK_ID, credits: 10 },
    { kind: 'failed', error: { kind: 'cut' }, again: true },
    { kind: 'failed', error: { kind: 'unreachable' }, again: true },
    { kind: 'failed', error: { kind: 'unknown' }, again: true },
    {
      kind: 'failed',
      error: { kind: 'credits', message: 'You need 10 credits and have 3.' },
      again: true,
    },
    { kind: 'cancelled' },
    { kind: 'failed', error: { kind: 'rejected', message: 'The image is damaged.' }, again: false },
  ]),
})
