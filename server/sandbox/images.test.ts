import sharp from 'sharp'
import { expect, test } from 'vitest'
import { PICTURES, type Picture } from '../../core/api/samples.ts'
import { demoOriginal, samplePath } from './images.ts'
import { openStore, smallTask } from './testing.ts'

async function original(picture: Picture, change: Partial<{ seed: number; originalName: string }>) {
  const { tasks } = await openStore()
  const [file] = smallTask('a').files
  if (file === undefined) throw new Error('no file')
  tasks.insert(smallTask('a', { files: [{ ...file, ...change }] }))
  const [stored] = tasks.filesOf('a')
  if (stored === undefined) throw new Error('no stored file')
  return demoOriginal(picture, stored)
}

test.each(PICTURES)('%s exists, and fills the canvas of a demo, opaque', async (picture) => {
  expect(await sharp(samplePath(`${picture}.webp`) ?? '').metadata()).toMatchObject({
    ...{ format: 'webp', width: 960, height: 600, hasAlpha: false },
  })
  for (const [originalName, format] of [
    ['a.png', 'png'],
    ['a.JPEG', 'jpeg'],
    ['a.webp', 'webp'],
  ] as const) {
    const bytes = await original(picture, { originalName, seed: 2 })
    const { info, data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    expect((await sharp(bytes).metadata()).format).toBe(format)
    expect(info).toMatchObject({ width: 48, height: 30, channels: 3 })
    expect(new Set(data).size).toBeGreaterThan(60)
  }
})

test('the same seed gives the same original, another seed another', async () => {
  const [one, again, ...others] = await Promise.all(
    [1, 1, 2, 3, 4, 5].map((seed) => original('dunes', { seed })),
  )
  expect(again).toEqual(one)
  for (const other of others) expect(other).not.toEqual(one)
})

test('there are only six samples', () => {
  expect(samplePath('../demos.ts')).toBeNull()
  expect(samplePath('toString')).toBeNull()
})
