import { expect, it, vi } from 'vitest'
import type { TaskId } from '../../core/api/task-id.ts'
import { fullQuota } from '../../core/quota/quota.ts'
import type { CreateTaskResult, StartSettings } from '../api/create-task.ts'
import { createStore } from '../lib/store.ts'
import type { EarlierTask } from './earlier-task.ts'
import { DEFAULT_SETTINGS } from './task-settings.ts'
import { keepNothing } from './testing.ts'
import type { Upload } from './upload.ts'
import { createUploadQueue } from './upload-queue.ts'

/* Images of earlier tasks. */

const earlier = (id: string): EarlierTask => ({
  taskId: id as TaskId,
  settings: DEFAULT_SETTINGS,
  count: 2,
})
const URLS = ['a', 'b'].map((name) => `https://img.example/${name}.png`)
const SMALL: StartSettings = { ...DEFAULT_SETTINGS, scale: 2 }

function open() {
  const sent: string[] = []
  const started: Upload[] = []
  const queue = createUploadQueue({
    quota: createStore(fullQuota(50)),
    preview: async () => null,
    onStarted: (upload) => started.push(upload),
    onShown: vi.fn(),
    ...keepNothing(),
    start: async (source, { scale }): Promise<CreateTaskResult> => {
      sent.push(`${source.kind} ${scale}×`)
      return { ok: true, value: { taskId: 'new' as TaskId, credits: null, balance: null } }
    },
  })
  const rows = () => queue.items.get().map((upload) => upload.earlier?.taskId ?? null)
  return { queue, rows, sent, started }
}

it('an image is run again from each task that it was started with', () => {
  const { queue, rows } = open()
  expect(queue.addUrls(URLS, earlier('one'))).toBe(0)
  expect(queue.addUrls(URLS, earlier('two'))).toBe(0)
  expect(queue.addUrls(URLS, earlier('two'))).toBe(2)
  expect(queue.addUrls(URLS)).toBe(2)
  expect(rows()).toEqual(['one', 'one', 'two', 'two'])
})

it('an image that was added before is the one that is run again', () => {
  const { queue, rows } = open()
  queue.addUrls(URLS)
  queue.addUrls(URLS.slice(0, 1), earlier('one'))
  expect(rows()).toEqual(['one', null])
})

it('only some are started, with settings of their own', async () => {
  const { queue, sent, started } = open()
  queue.addUrls(URLS, earlier('one'))
  queue.addUrls(URLS.slice(0, 1), earlier('two'))
  const [a, b, c] = queue.items.get().map(({ id }) => id)
  queue.start(SMALL, true, [a ?? '', b ?? ''])
  await vi.waitFor(() => expect(started).toHaveLength(1))
  expect(sent).toEqual(['group 2×'])
  expect(started[0]?.earlier?.taskId).toBe('one')
  expect(queue.items.get().map(({ state }) => state.kind)).toEqual(['started', 'ready'])
  queue.start(DEFAULT_SETTINGS, false, [c ?? ''])
  await vi.waitFor(() => expect(started).toHaveLength(2))
  expect(sent).toEqual(['group 2×', 'url 4×'])
  expect(started[1]?.earlier?.taskId).toBe('two')
})

it('one task for images of several is linked to none of them', async () => {
  const { queue, started } = open()
  queue.addUrls(URLS.slice(0, 1), earlier('one'))
  queue.addUrls(URLS.slice(1), earlier('two'))
  queue.start(DEFAULT_SETTINGS, true)
  await vi.waitFor(() => expect(started).toHaveLength(1))
  expect(started[0]?.earlier).toBeNull()
})
