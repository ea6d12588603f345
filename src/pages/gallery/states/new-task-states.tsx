import { HOUR, MINUTE } from '../../../lib/units.ts'
import type { Item, ItemState } from '../../../starting/item.ts'
import type { Source } from '../../../upscayl/start-task.ts'
import { NewTaskScreen } from '../../new-task/new-task-screen.tsx'
import { type GalleryState, prefixed, type Scene } from './state.ts'
import { OTHER_ID, TASK_ID } from './task-scene.tsx'

const nothing = () => {}

/** A file of so many bytes, which are not there: its size is all that is shown. */
function fileOf(name: string, size: number): Source {
  const file = new File([], name, { type: 'image/jpeg' })
  Object.defineProperty(file, 'size', { value: size })
  return { kind: 'file', file }
}

const SOURCES: readonly Source[] = [
  fileOf('harbour-at-dusk.jpg', 4_812_334),
  fileOf('meadow.png', 12_420_018),
  { kind: 'url', url: 'https://pictures.example/2026/lake.webp' },
  fileOf(
    'A file name that goes on and on, as those of cameras and chat programs do (final) (2).jpg',
    981_114,
  ),
  fileOf('dunes.webp', 1_204_883),
  fileOf('canyon.jpg', 8_115_402),
]

const itemsOf = (states: readonly ItemState[]): Item[] =>
  states.map((state, index) => ({
    id: `${index}`,
    source: SOURCES[index % SOURCES.length] ?? fileOf('image.jpg', 1),
    state,
  }))

const page = (
  says: string,
  states: (scene: Scene) => readonly ItemState[],
  doubles = 0,
): GalleryState => ({
  says,
  keyGiven: true,
  page: (scene) => (
    <NewTaskScreen
      items={itemsOf(states(scene))}
      doubles={doubles}
      settings={{ model: 'upscayl-standard-4x', scale: 4, saveImageAs: 'png', enhanceFace: false }}
      onSettings={nothing}
      onFiles={nothing}
      onAddresses={() => []}
      onStart={nothing}
      onCancel={nothing}
      onRetry={nothing}
      onRemove={nothing}
      left={50}
    />
  ),
})

/** From images to tasks. */
export const NEW_TASK_STATES = prefixed('new', {
  empty: page('No image yet', () => []),
  ready: page(
    'Images that are ready, and two that cannot be sent',
    () => [
      { kind: 'ready' },
      { kind: 'ready' },
      { kind: 'ready' },
      { kind: 'unfit', why: 'This is a GIF. Upscayl takes JPG, PNG and WebP.' },
      { kind: 'checking' },
      { kind: 'unfit', why: 'This file has 104.9 MB. Upscayl takes up to 100 MiB.' },
    ],
    2,
  ),
  sending: page('Images on their way', ({ at }) => [
    { kind: 'started', taskId: TASK_ID, credits: 10 },
    { kind: 'sending', sent: 0.64 },
    { kind: 'sending', sent: 1 },
    { kind: 'waiting', until: null },
    { kind: 'waiting', until: at + HOUR - 20 * MINUTE },
  ]),
  ended: page('All have ended, each in its own way', ({ at }) => [
    { kind: 'started', taskId: TASK_ID, credits: 10 },
    { kind: 'started', taskId: OTHER_ID, credits: null },
    { kind: 'failed', error: { kind: 'cut' }, again: true },
    { kind: 'failed', error: { kind: 'unreachable' }, again: true },
    { kind: 'failed', error: { kind: 'unknown' }, again: true },
    {
      kind: 'failed',
      error: { kind: 'credits', message: 'You need 10 credits and have 3.' },
      again: true,
    },
    { kind: 'cancelled' },
    { kind: 'failed', error: { kind: 'limited', until: at + HOUR, message: null }, again: true },
    { kind: 'failed', error: { kind: 'rejected', message: 'The image is damaged.' }, again: false },
  ]),
})
