import { expect, test } from 'vitest'
import {
  fitScale,
  fitted,
  held,
  MARGIN,
  percentOf,
  scaledTo,
  scaleRange,
  visibleBox,
} from './zoom-math.ts'

const stage = { width: 1000 + 2 * MARGIN, height: 500 + 2 * MARGIN }
const wide = { width: 2000, height: 500 }

test('an image fits with a margin and is centred', () => {
  expect(fitScale(wide, stage)).toBe(0.5)
  expect(fitted(wide, stage)).toEqual({ k: 0.5, x: MARGIN, y: (stage.height - 250) / 2 })
})

test('an empty stage leaves the scale positive', () => {
  expect(fitScale(wide, { width: 0, height: 0 })).toBeGreaterThan(0)
})

test('fit and actual pixels are within range for any sizes', () => {
  for (const image of [wide, { width: 10, height: 10 }, { width: 20_000, height: 3 }]) {
    for (const density of [1, 2, 3]) {
      const [least, most] = scaleRange(image, stage, density)
      for (const k of [fitScale(image, stage), 1 / density]) {
        expect(least).toBeLessThanOrEqual(k)
        expect(most).toBeGreaterThanOrEqual(k)
      }
    }
  }
})

test('one image pixel per screen pixel is 100 %', () => {
  expect(percentOf(1, 1)).toBe(100)
  expect(percentOf(0.5, 2)).toBe(100)
  expect(percentOf(0.0312, 1)).toBe(3.1)
})

test('the point under the pointer stays in place', () => {
  const view = { x: -100, y: 20, k: 0.5 }
  const zoomed = scaledTo(2, view, [300, 120])
  expect((300 - zoomed.x) / zoomed.k).toBe((300 - view.x) / view.k)
  expect((120 - zoomed.y) / zoomed.k).toBe((120 - view.y) / view.k)
})

test('an image never leaves a stage that it fills', () => {
  const near = held({ x: 50, y: 900, k: 1 }, wide, stage)
  expect(near).toEqual({ x: 0, y: (stage.height - 500) / 2, k: 1 })
  expect(held({ x: -9000, y: 0, k: 1 }, wide, stage).x).toBe(stage.width - 2000)
})

test('the visible part is clipped at the stage', () => {
  expect(visibleBox({ x: -50, y: 12, k: 1 }, wide, stage)).toEqual({
    left: 0,
    top: 12,
    right: stage.width,
    bottom: 512,
  })
})
