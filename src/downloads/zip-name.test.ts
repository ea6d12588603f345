import { expect, it } from 'vitest'
import { settingsWith } from './testing.ts'
import { zipName } from './zip-name.ts'

it.each([
  [{ model: 'nature-boost-4x', scale: { kind: 'known', factor: 4 } }, ' (nature-boost 4x)'],
  [{ model: 'their-own', scale: null }, ' (their-own)'],
  [{ model: 'lite-4x', scale: null }, ' (lite-4x)'],
  [{ model: null, scale: null }, ''],
] as const)('a zip has the name of its task: %j', (settings, made) => {
  expect(zipName('IMG_4471.jpg + 5 more', settingsWith(settings))).toBe(
    `IMG_4471.jpg + 5 more${made}.zip`,
  )
})

it('a name that no file may have is made safe', () => {
  expect(zipName('../a:b', settingsWith({ model: null, scale: null }))).toBe('_a_b.zip')
})
