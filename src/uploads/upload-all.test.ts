import { expect, it } from 'vitest'
import type { FileData } from '../../core/api/upload.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import type { UploadError } from '../api/uploads.ts'
import { uploadAll } from './upload-all.ts'
import type { PartsUpload } from './upload-parts.ts'

/** Files of 1, 2, 3 … bytes. */
const filesOf = (count: number) =>
  Array.from({ length: count }, (_, n) => new Blob([new Uint8Array(n + 1)]))

interface Running {
  readonly n: number
  readonly signal: AbortSignal
  readonly onProgress: (confirmed: number) => void
  readonly respond: (result: Result<FileData, UploadError>) => void
}

function open(count: number) {
  const running: Running[] = []
  const progress: number[] = []
  const controller = new AbortController()
  const uploads = Array.from(
    { length: count },
    (_, n): PartsUpload => ({
      run: (onProgress, signal) =>
        new Promise((respond) => {
          signal.addEventListener('abort', () => respond(err({ kind: 'cancelled' })))
          running.push({ n, onProgress, signal, respond })
        }),
    }),
  )
  const result = uploadAll(
    filesOf(count),
    uploads,
    (sent) => progress.push(sent),
    controller.signal,
  )
  return { result, running, progress, controller }
}

it('uploads three at a time, and keeps their order', async () => {
  const { result, running } = open(5)
  expect(running.map(({ n }) => n)).toEqual([0, 1, 2])
  for (const next of [2, 0, 1, 4, 3]) {
    await expect.poll(() => running.some(({ n }) => n === next)).toBe(true)
    running.find(({ n }) => n === next)?.respond(ok({ path: `/${next}` }))
  }
  expect(await result).toEqual(ok([0, 1, 2, 3, 4].map((n) => ({ path: `/${n}` }))))
})

it('reports the fraction of all bytes', () => {
  const { running, progress } = open(3)
  running[2]?.onProgress(1)
  running[1]?.onProgress(0.5)
  expect(progress).toEqual([3 / 6, 4 / 6])
})

it('stops at the first failure, and reports which it was', async () => {
  const { result, running } = open(5)
  running[1]?.respond(err({ kind: 'rejected', message: 'No' }))
  expect(await result).toEqual(err({ index: 1, error: { kind: 'rejected', message: 'No' } }))
  expect(running.map(({ n }) => n)).toEqual([0, 1, 2])
  expect(running.every(({ signal }) => signal.aborted)).toBe(true)
})

it('is cancelled with all of them', async () => {
  const { result, running, controller } = open(4)
  controller.abort()
  expect(await result).toMatchObject({ error: { error: { kind: 'cancelled' } } })
  expect(running).toHaveLength(3)
})
