import { expect, it } from 'vitest'
import type { Settings } from '../../core/api/task.ts'
import { readRunAgain, runAgain } from './run-again.ts'
import { DEFAULT_SETTINGS } from './task-settings.ts'

const SETTINGS: Settings = {
  model: 'digital-art-4x',
  scale: { kind: 'known', factor: 2 },
  saveImageAs: 'webp',
  compression: null,
  batchMode: null,
  enhanceFace: true,
}

it('a task is run again with its settings', () => {
  expect(readRunAgain(structuredClone(runAgain('a', 'tram.jpg', SETTINGS)))).toEqual({
    taskId: 'a',
    name: 'tram.jpg',
    settings: { model: 'digital-art-4x', scale: 2, saveImageAs: 'webp', enhanceFace: true },
  })
})

it('settings that no task can be started with are the default ones', () => {
  const odd: Settings = {
    ...SETTINGS,
    model: 'another',
    scale: { kind: 'odd', text: '16' },
    saveImageAs: 'tiff',
    enhanceFace: null,
  }
  expect(readRunAgain(runAgain('a', null, odd))?.settings).toEqual(DEFAULT_SETTINGS)
})

it.each([null, undefined, {}, { focus: 'field' }, { again: { taskId: 1 } }])(
  'another state %j is ignored',
  (state) => {
    expect(readRunAgain(state)).toBeNull()
  },
)
