import { expect, test } from 'vitest'
import { PICTURES, type Picture } from '../../../src/upscayl/samples.ts'
import { type Canvas, paint } from './paint.ts'

const pixels = (picture: Picture, canvas: Canvas) =>
  paint(picture, canvas).raw().toBuffer({ resolveWithObject: true })

test.each(PICTURES)('%s fills any canvas, opaque', async (picture) => {
  const { info, data } = await pixels(picture, { width: 60, height: 48, seed: 2 })
  expect(info).toMatchObject({ width: 60, height: 48, channels: 3 })
  expect(new Set(data).size).toBeGreaterThan(60)
})

test('a seed paints one picture, another seed another', async () => {
  const canvas = { width: 48, height: 30 }
  const [one, again, other] = await Promise.all(
    [1, 1, 2].map(async (seed) => (await pixels('dunes', { ...canvas, seed })).data),
  )
  expect(again).toEqual(one)
  expect(other).not.toEqual(one)
})
