import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

const settingsWith = async (text: string | null) => {
  vi.stubGlobal('localStorage', { getItem: () => text, setItem: () => {} })
  const { formSettings } = await import('./task-settings.ts')
  return formSettings.get()
}

const USUAL = { model: 'upscayl-standard-4x', scale: 4, saveImageAs: 'png', enhanceFace: false }
const OWN = { model: 'natural-max-4x', scale: 8, saveImageAs: 'jpg', enhanceFace: true }

it.each([
  [null, USUAL],
  ['{', USUAL],
  ['[]', USUAL],
  ['{}', USUAL],
  [JSON.stringify(OWN), OWN],
  [JSON.stringify({ ...OWN, more: 1 }), OWN],
  [
    JSON.stringify({ ...OWN, model: 'gone-4x', scale: 9 }),
    { ...OWN, model: USUAL.model, scale: 4 },
  ],
  [
    JSON.stringify({ ...OWN, model: 'toString', saveImageAs: 1 }),
    { ...OWN, ...{ model: USUAL.model, saveImageAs: 'png' } },
  ],
])('loads from %s %j', async (text, settings) => {
  expect(await settingsWith(text)).toEqual(settings)
})
