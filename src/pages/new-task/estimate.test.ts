import { expect, it } from 'vitest'
import { entryAfter, T0, UPLOAD } from '../../tasks/testing-list.ts'
import { withUpload } from '../../tasks/tracked-task.ts'
import { DEFAULT_SETTINGS } from '../../uploads/task-settings.ts'
import { createGroup, createJob } from '../../uploads/upload-job.ts'
import { estimateCredits, type Price, pricesOf, totalOf } from './estimate.ts'

const price = (model: string, scale: number, credits: number, at = 0): Price => ({
  model,
  scale,
  credits,
  at,
})
const THREE = { ...UPLOAD, source: { ...UPLOAD.source, more: 2 } }
const { model } = DEFAULT_SETTINGS

it('is unknown before any task of this scale', () => {
  expect(estimateCredits([], DEFAULT_SETTINGS)).toBeNull()
  expect(estimateCredits([price(model, 2, 5)], DEFAULT_SETTINGS)).toBeNull()
})

it('is the newest price of this model and scale, else of this scale', () => {
  const others = [price('another', 4, 30, 9), price('another', 4, 20, 5), price(model, 2, 5, 9)]
  expect(estimateCredits(others, DEFAULT_SETTINGS)).toBe(30)
  const own = [price(model, 4, 10, 1), price(model, 4, 12, 2), price(model, 4, 11, 1)]
  expect(estimateCredits([...others, ...own], DEFAULT_SETTINGS)).toBe(12)
})

it('comes from the tasks of this browser that cost something', () => {
  const start = { startedAt: T0, quotedCredits: 12 }
  const entries = [
    entryAfter('one', ['processed']),
    entryAfter('six', ['batch']),
    entryAfter('failed', ['failed']),
    entryAfter('new', []),
    entryAfter('started', ['enhancing'], T0, start),
    withUpload(entryAfter('three', [], T0, { ...start, quotedCredits: 30 }), THREE),
  ]
  expect(pricesOf(entries).map(({ scale, credits }) => [scale, credits])).toEqual([
    [4, 10],
    [4, 10],
    [4, 12],
    [4, 10],
  ])
})

it('is the sum of all images, each by its own settings', () => {
  const job = (name: string) => createJob({ kind: 'url', url: `https://img.example/${name}` }, null)
  const [a, b, c] = [job('a'), job('b'), job('c')]
  const uploads = [a.item, createGroup([b, c]).item]
  expect(totalOf(uploads, ({ source }) => (source.kind === 'group' ? 5 : 12))).toBe(22)
  expect(totalOf(uploads, ({ source }) => (source.kind === 'group' ? null : 12))).toBeNull()
  expect(totalOf([], () => null)).toBe(0)
})
