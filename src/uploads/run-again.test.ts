import { describe, expect, it } from 'vitest'
import type { Settings } from '../../core/api/task.ts'
import { asTaskId, type TaskId } from '../../core/api/task-id.ts'
import { missingNames, type RunAgain, readRunAgain, runAgain, settingsKey } from './run-again.ts'
import { DEFAULT_SETTINGS } from './task-settings.ts'
import type { Upload } from './upload.ts'
import { createJob } from './upload-job.ts'

const SETTINGS: Settings = {
  model: 'digital-art-4x',
  scale: { kind: 'known', factor: 2 },
  saveImageAs: 'webp',
  compression: null,
  batchMode: null,
  enhanceFace: true,
}
const A = asTaskId('a') as TaskId
const TASK = { taskId: A, names: ['tram.jpg', 'lake.png'], count: 2, settings: SETTINGS }

describe('a task that is run again', () => {
  it('keeps its settings and the names of its images', () => {
    expect(readRunAgain(structuredClone(runAgain([TASK])))).toEqual([
      {
        taskId: 'a',
        names: ['tram.jpg', 'lake.png'],
        count: 2,
        settings: { model: 'digital-art-4x', scale: 2, saveImageAs: 'webp', enhanceFace: true },
      },
    ])
  })

  it('has the default settings in place of those that no task can be started with', () => {
    const odd: Settings = {
      ...SETTINGS,
      model: 'another',
      scale: { kind: 'odd', text: '16' },
      saveImageAs: 'tiff',
      enhanceFace: null,
    }
    const [read] = readRunAgain(runAgain([{ ...TASK, settings: odd }]))
    expect(read?.settings).toEqual(DEFAULT_SETTINGS)
  })

  it.each([
    null,
    undefined,
    {},
    { focus: 'field' },
    { again: [{ taskId: 1 }] },
    { again: { taskId: 'a', name: 'tram.jpg', settings: {} } },
  ])('is none in another state %j', (state) => {
    expect(readRunAgain(state)).toEqual([])
  })
})

describe('the images that are missing', () => {
  const run: RunAgain = { ...TASK, settings: DEFAULT_SETTINGS }
  const added = (name: string, taskId: TaskId | null): Upload =>
    createJob(
      { kind: 'file', file: new File([], name) },
      taskId && { taskId, settings: null, count: 2 },
    ).item

  it('are those whose names were not added for the task', () => {
    expect(missingNames(run, [])).toEqual(['tram.jpg', 'lake.png'])
    expect(missingNames(run, [added('TRAM.jpg', A)])).toEqual(['lake.png'])
    expect(missingNames(run, [added('tram.jpg', null), added('tram.jpg', asTaskId('b'))])).toEqual([
      'tram.jpg',
      'lake.png',
    ])
  })

  it('are as many as have the same name', () => {
    const twice = { ...run, names: ['tram.jpg', 'tram.jpg'] }
    expect(missingNames(twice, [added('tram.jpg', A)])).toEqual(['tram.jpg'])
  })
})

it('settings are the same if all of them are', () => {
  expect(settingsKey({ ...DEFAULT_SETTINGS })).toBe(settingsKey(DEFAULT_SETTINGS))
  for (const change of [
    { model: 'digital-art-4x' },
    { scale: 2 },
    { saveImageAs: 'webp' },
    { enhanceFace: true },
  ] as const) {
    expect(settingsKey({ ...DEFAULT_SETTINGS, ...change })).not.toBe(settingsKey(DEFAULT_SETTINGS))
  }
})
